"""A follow-up said in full by a chat model, where it can be trusted to be the same question.

The earlier turns are data, fenced like articles: an answer quotes articles, and a client may send
anything as history. What the model writes is a proposal too: one short plain question, made of
what was said. Everything else (an answer, a refusal, a name from nowhere, silence, a failure) is
dropped, and the follow-up is resolved by scores (:mod:`rag.query.follow_up`).
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence
from typing import Final

from index.errors import ChatModelError
from index.text.sentences import sentences
from rag.chat.base import ChatModel, Tokens
from rag.chat.deadline import within
from rag.chat.prompts import prompt
from rag.query.follow_up import words_of
from rag.question import Turn
from rag.settings import Settings
from rag.text.english import is_function_word
from rag.text.injection import carries_marks, unseen_removed
from rag.text.markup import plain

__all__ = ["ChatRewriter"]

# Of the time that a chat model has for a whole answer.
_SHARE: Final = 0.3
_MAX_TOKENS: Final = 96
_MAX_CHARS: Final = 300
_TURNS: Final = 8
_TURN_CHARS: Final = 800
_CUT_SHORT: Final = frozenset(("length", "max_tokens"))
# Scripts that put no spaces between words are taken letter by letter.
_WORD: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
# Words that are inflected still begin alike.
_OPENING: Final = 5
# The share of words that the conversation does not have: "acquire" for "buy" is the same question.
_MOST_STRANGE: Final = 0.4
_ASKING: Final = ("?", "？", "؟", ";")
_LABEL: Final = re.compile(r"^(?:\w+ )?question\s*:\s*", re.IGNORECASE)


class ChatRewriter:
    """Says one follow-up in full: made for one question, it keeps what that cost.

    ``tokens`` is what the provider counted, if it told; ``seconds`` what was waited.
    """

    def __init__(self, model: ChatModel, settings: Settings) -> None:
        self.model = model
        self.tokens: Tokens | None = None
        self.seconds = 0.0
        self.asked = False
        self._settings = settings

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        """The question in full; empty where the model gave none that can be used, or failed.

        A base model follows no instructions and is not asked.
        """
        said = [(turn.role, text) for turn in history[-_TURNS:] if (text := _shown(turn))]
        if not said or self.model.style == "completion":
            return ""
        start = time.monotonic()
        self.asked = True
        try:
            written = self._written(question, said)
        except ChatModelError:
            return ""
        finally:
            self.seconds = time.monotonic() - start
        return _usable(written, question, " ".join(text for _, text in said))

    def _written(self, question: str, said: Sequence[tuple[str, str]]) -> str:
        chosen = prompt("rewrite")
        fence = secrets.token_hex(8)
        rule = f"--- {fence} turn"
        shown = "\n\n".join(
            f"{rule} {number} ({role}) begins ---\n{text}\n{rule} {number} ends ---"
            for number, (role, text) in enumerate(said, start=1)
        )
        asked = " ".join(unseen_removed(question).split())
        messages = chosen.messages({"history": shown, "question": asked, "fence": fence})
        text = ""
        seconds = _SHARE * self._settings.model_seconds
        for piece in within(seconds, lambda: self.model.stream(messages, _MAX_TOKENS)):
            if piece.tokens:
                self.tokens = piece.tokens
            if piece.finish == "refusal":
                raise ChatModelError("refusal")
            if piece.finish.lower() in _CUT_SHORT:
                raise ChatModelError("malformed")
            text += piece.text
        return text


def _shown(turn: Turn) -> str:
    """A turn as it is shown: without sentences that carry marks of a chat model."""
    text = " ".join(unseen_removed(words_of(turn)).split())[:_TURN_CHARS]
    kept = (span.of(text) for span in sentences(text))
    return " ".join(sentence for sentence in kept if not carries_marks(sentence))


def _usable(written: str, question: str, said: str) -> str:
    """What was written, if it is one short plain question about what was said; else nothing."""
    raw = written.strip()
    made = plain(raw)
    text = _LABEL.sub("", made.text).strip("\"'“”„«»「」 ")
    if not re.search(r"\w", text) or not made.fit or len(raw) > _MAX_CHARS:
        return ""
    if "\n" in raw or len(sentences(text)) > 1 or carries_marks(text):
        return ""
    # "Tell me more about it" asks without a mark; a statement is an answer.
    asks = text.endswith(_ASKING) or _words(text)[:1] == _words(question)[:1]
    if not asks:
        return ""
    openings = {_opening(word) for word in _words(f"{question} {said}")}
    words = [word for word in _words(text) if not is_function_word(word)]
    strange = [word for word in words if _opening(word) not in openings]
    if any(word[0].isdigit() for word in strange):
        return ""
    return text if words and len(strange) <= _MOST_STRANGE * len(words) else ""


def _words(text: str) -> list[str]:
    return [match.group() for match in _WORD.finditer(text.casefold())]


def _opening(word: str) -> str:
    return word if word[0].isdigit() else word[:_OPENING]
