"""Detect marks that address a language model and have no place in an article: control tokens,
invisible characters, and fences that imitate ours.

A sentence with such a mark is neither shown to a model nor evidence, and nor is the text between
the mark that opens a message and the one that closes it; all stay in their article, and an
extractive answer may quote them. Orders in plain words are not detected: news is full of sentences
that order somebody something ("Disregard the earlier notice"). Against those stand the fence in the
prompt and the support check.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from index.text.patterns import lazy_regex

__all__ = [
    "carries_model_marks",
    "find_forged_messages",
    "normalise_lookalikes",
    "remove_invisible",
]

# What chat models are trained to take for the limits of messages, by family.
_CONTROL: Final = lazy_regex(
    r"<\s*\|[^|<>]{1,60}\|\s*>|<\|?/?(?:start|end)_of_turn\|?>|<extra_id_\d+>|</?s>|<(?:bos|eos|pad)>"
    r"|\[/?(?:INST|SYS|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]"
    r"|</?(?:evidence|passage|system|instructions|user|assistant)\b[^<>]{0,80}>"
    r"|\[UNUSED_TOKEN_\d+\]|<<\s*/?\s*SYS\s*>>"
)
# Our fences: see :mod:`rag.chat.prompts`.
_FENCE: Final = lazy_regex(
    r"[-–—]+\s*(?:[0-9a-f]{2,32}\s+)?(?:passage|turn)\s+\d+\s+(?:begins|ends)\s*[-–—]+",
    re.IGNORECASE,
)
# A forged fence ends our passage first, and begins another when it is done.
_CLOSING: Final = lazy_regex(r"/|end|eo[mst]\b", re.IGNORECASE)
_CLOSING_FENCE: Final = lazy_regex(r"begins", re.IGNORECASE)
# Characters that no reader sees: zero width, direction marks, tags, soft hyphens, variation marks.
_INVISIBLE: Final = lazy_regex(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
# Overrides of direction, tags outside a flag, and runs that carry letters unseen: no language needs
# them. Joiners and soft hyphens within a word are needed, but not between single Latin letters.
_NEVER_LEGITIMATE: Final = lazy_regex(
    "[\u202d\u202e]"
    "|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0001-\U000e007f]"
    "|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2}"
    "|[\u200b-\u200d\u2060-\u2064]{3}"
    "|[A-Za-z][\u200b-\u200d\u2060-\u2064][A-Za-z][\u200b-\u200d\u2060-\u2064][A-Za-z]"
)
_LOOKALIKE: Final = str.maketrans(
    "аеорсухіѕјԁһоАВЕКМНОРСТХІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧοι", "aeopcyxisjdhoABEKMHOPCTXISJABEZHIKMNOPTYXoi"
)


def remove_invisible(text: str) -> str:
    """Remove the invisible characters of a text."""
    return _INVISIBLE.sub("", text)


def normalise_lookalikes(text: str) -> str:
    """Normalise a text: compatibility form (NFKC), without invisible characters, and with Latin
    letters in place of the Greek and Cyrillic ones that look like them."""
    return unicodedata.normalize("NFKC", remove_invisible(text)).translate(_LOOKALIKE)


def carries_model_marks(sentence: str) -> bool:
    """Whether a sentence has a mark of a chat model, also one disguised by invisible characters,
    wide letters or letters of other scripts."""
    plain = normalise_lookalikes(sentence)
    return bool(
        _NEVER_LEGITIMATE.search(sentence) or _CONTROL.search(plain) or _FENCE.search(plain)
    )


def find_forged_messages(sentences: Sequence[str]) -> frozenset[int]:
    """Find the sentences, by index, that carry marks or stand in a message that marks open and
    close.

    sentences: those of one article, in order. A message that nothing closes is its mark alone.
    """
    withheld: set[int] = set()
    opened_at: int | None = None
    for i, sentence in enumerate(sentences):
        if not carries_model_marks(sentence):
            continue
        withheld.add(i)
        closings = _find_closings(normalise_lookalikes(sentence))
        if any(closings) and opened_at is not None:
            withheld.update(range(opened_at, i))
        if closings:
            opened_at = None if closings[-1] else i
    return frozenset(withheld)


def _find_closings(plain: str) -> list[bool]:
    """Determine for each control token and forged fence, in order, whether it closes a message."""
    tokens = [(m.start(), bool(_CLOSING.search(m.group()))) for m in _CONTROL.finditer(plain)]
    fences = [(m.start(), bool(_CLOSING_FENCE.search(m.group()))) for m in _FENCE.finditer(plain)]
    return [closes for _, closes in sorted(tokens + fences)]
