"""Prompt injection: sentences of an article that speak to a language model.

They are not removed from the article, and an extractive answer may quote them: that is what the
article says. But they are no evidence, so nothing that is written can rest on them, and they are
not shown to the model. A list of patterns cannot be complete: it is one layer behind the support
check, not the defence.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

__all__ = ["is_prompt_injection", "normalise_lookalikes", "remove_invisible"]

_MODEL: Final = (
    r"(?:ai )?(?:assistant|chat ?bot|language model|llm|ai model|ai system|gpt|summari[sz]er)"
)
_OBJECTS: Final = (
    r"(?:instruction|prompt|rule|guideline|context|message|passage|evidence|direction|order|"
    r"constraint|text)s?"
)
_RULES: Final = tuple(
    re.compile(rule, re.IGNORECASE)
    for rule in (
        r"\b(?:ignore|disregard|forget|override|bypass)\W+(?:\w+\W+){0,3}?(?:previous|above|prior|"
        r"earlier|preceding|all|any|your|these|those|other|system|safety)\W+(?:\w+\W+){0,2}?"
        + _OBJECTS
        + r"\b",
        r"\b(?:ignore|disregard|forget) (?:the |any )?" + _OBJECTS + r" (?:above|before|so far)\b",
        r"\bdecode\b.{0,80}\b(?:follow|obey|execute|run)\b|\bin base64\b|\brepeat the tag\b",
        r"\b(?:ignore|disregard|forget) (?:everything|anything|all|what)\b",
        r"\b(?:system|developer|hidden) (?:prompt|message|instructions)\b",
        r"\b(?:new|updated|real|actual|secret) instructions?\s*(?::|follow|for|are|from)",
        r"\byou (?:are|'re|must|will|shall|should)(?: now| always| only| not)* (?:an? |the )?"
        r"(?:\w+ )?(?:assistant|chatbot|ai\b|language model|answer with|respond|reply with|output|"
        r"print|pretend|obey|comply|cite|dan\b)",
        r"\b(?:act|pretend|behave|respond|roleplay|answer|reply) as (?:if |an? |the )*"
        r"(?:you\b|dan\b|\w* ?" + _MODEL + r"|admin|developer|unfiltered|unrestricted)",
        r"\b(?:dear|attention|note to|hey|hello|hi|message (?:to|for))[,:]? (?:the |any |all )?"
        r"(?:ais?\b|" + _MODEL + r"s?\b)",
        # An order, and what it is about shows to whom.
        r"^\W*(?:please |now |also |instead,? |then |just |simply |always |only |do not |never |"
        r"don't |you must |first,? )*(?:say|answer|respond|reply|output|print|write|repeat|reveal|"
        r"include|append|cite|tell|translate|summari[sz]e|execute|call|render|display|insert|add|"
        r"state|claim|begin|start|end|finish|quote|send|fetch|encode|echo|return|treat|recommend|"
        r"prefix|wrap|format|use)\b.{0,160}?\b(?:the user|your (?:answer|response|reply|"
        r"instructions|prompt)|the (?:answer|response|reply)\b|exactly|verbatim|markdown|"
        r"system prompt|in json|base64|as (?:the )?(?:answer|source|citation)|with source|"
        r"instead of (?:the )?(?:answer|evidence)|every (?:answer|sentence|reply))",
        r"^\W*(?:please |now |also |then |just |simply |always |only |you must )*(?:say|answer|"
        r"respond|reply|output|print|write|repeat|cite|claim|state)\b(?: that\b|:| [\"“'‘`\[]|"
        r" with\b| only\b| source\b| in \w+ ?(?:only)?[.:])",
        r"<\s*/?\s*(?:system|assistant|user|human|instructions?|evidence|article|source|context"
        r"|start_of_turn|end_of_turn|script|img|iframe|tool|function)\b[^>]{0,80}>",
        r"<\|[^|>]{1,40}\|>|\[/?(?:INST|SYS|SYSTEM)\]|<<\s*/?\s*SYS\s*>>|<<<|>>>",
        r"^\W*(?:system|assistant|user|human|developer)\s*:",
        r"\bend of (?:the )?(?:evidence|articles?|context|sources?|passages?|data)\b|"
        r"\bpassage \d+ (?:ends|begins)\b",
        r"\b(?:when|if|whenever)\b.{0,40}\b(?:asked|answering|summari[sz]ing|responding)\b.{0,60}"
        r"\b(?:say|answer|respond|reply|always|must|output|write|include)\b",
        r"!\[[^\]]*\]\(|\]\(https?:",
        r"\bthe (?:only )?correct (?:answer|response|reply) (?:to|is)\b",
        r"\bjailbr(?:eak|oken)|\bprompt injection\b|\bDAN mode\b",
    )
)
# Characters that no reader sees: zero width, direction marks, tags, soft hyphens, variation marks.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
# Of these, the ones that no language needs: invisible tags, and overrides of direction.
_NEVER_LEGITIMATE: Final = re.compile("[\u202d\u202e\U000e0000-\U000e0fff]")
_SPACED_LETTERS: Final = re.compile(r"\b(?:\w[ .\-_*]){4,}\w\b")
_BETWEEN: Final = re.compile(r"[ .\-_*]")
_JOINED_ORDER: Final = re.compile(
    r"ignore(?:all|any|previous|the|your)|systemprompt|instructions", re.IGNORECASE
)
_LOOKALIKE: Final = str.maketrans(
    "аеорсухіѕјԁһоАВЕКМНОРСТХІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧοι", "aeopcyxisjdhoABEKMHOPCTXISJABEZHIKMNOPTYXoi"
)


def remove_invisible(text: str) -> str:
    """Remove the characters of a text that cannot be seen."""
    return _INVISIBLE.sub("", text)


def normalise_lookalikes(text: str) -> str:
    """Bring a text into compatibility form (NFKC), without characters that cannot be seen, and with
    Latin letters in place of the Greek and Cyrillic ones that look like them."""
    return unicodedata.normalize("NFKC", remove_invisible(text)).translate(_LOOKALIKE)


def is_prompt_injection(sentence: str) -> bool:
    """Whether a sentence looks like an order to a language model, however it is disguised by
    characters that cannot be seen, wide letters, letters of other scripts or spaces in words."""
    if _NEVER_LEGITIMATE.search(sentence):
        return True
    plain = normalise_lookalikes(sentence)
    if any(rule.search(plain) for rule in _RULES):
        return True
    without_gaps = _SPACED_LETTERS.sub(lambda run: _BETWEEN.sub("", run.group()), plain)
    return without_gaps != plain and bool(_JOINED_ORDER.search(without_gaps))
