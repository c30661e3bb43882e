"""Query rewriting: a chat model rewrites a follow-up as a standalone question.

The earlier turns are data, fenced like articles: an answer quotes articles, and a client may send
anything as history. The model's output is only a proposal: it has to be one short plain question,
made of words of the conversation. Anything else (an answer, a refusal, an unknown name, nothing, a
failure) is dropped, and the follow-up is resolved by :mod:`rag.query.follow_up`.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence
from typing import Final

from index.text.patterns import lazy_regex
from index.text.sentences import sentences
from rag.chat.base import ChatModel, Tokens
from rag.chat.deadline import with_deadline
from rag.chat.prompts import prompt
from rag.errors import ChatModelError
from rag.query.follow_up import turn_text
from rag.question import Turn
from rag.settings import Settings
from rag.text.english import is_function_word
from rag.text.injection import carries_model_marks, remove_invisible
from rag.text.markup import strip_markup

__all__ = ["ChatRewriter"]

# Of the time that a chat model has for a whole answer.
_SHARE: Final = 0.3
_MAX_TOKENS: Final = 96
_MAX_CHARS: Final = 300
_TURNS: Final = 8
_TURN_CHARS: Final = 800
_CUT_SHORT: Final = frozenset(("length", "max_tokens"))
# Scripts that put no spaces between words are taken letter by letter.
_WORD: Final = lazy_regex(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
# Words that are inflected still begin alike.
_PREFIX: Final = 5
# The share of words that the conversation does not have: "acquire" for "buy" is the same question.
_MAX_NEW_SHARE: Final = 0.4
_QUESTION_MARKS: Final = ("?", "？", "؟", ";")
_LABEL: Final = lazy_regex(r"^(?:\w+ )?question\s*:\s*", re.IGNORECASE)


class ChatRewriter:
    """Rewrites one follow-up with a chat model; made for one question, it keeps what that cost.

    model: the chat model.
    settings: its time limits.

    ``was_called`` says whether the model was asked, ``tokens`` what its provider counted, if it
    did, and ``seconds`` how long it took.
    """

    def __init__(self, model: ChatModel, settings: Settings) -> None:
        self.model = model
        self.tokens: Tokens | None = None
        self.seconds = 0.0
        self.was_called = False
        self._settings = settings

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        """Rewrite a follow-up as a standalone question.

        Empty where the model failed or wrote nothing that can be used. A base model follows no
        instructions and is not asked.
        """
        marks = self._settings.model_marks
        turns = [
            (turn.role, text)
            for turn in history[-_TURNS:]
            if (text := _displayed_text(turn, marks))
        ]
        if not turns or self.model.style == "completion":
            return ""
        start = time.monotonic()
        self.was_called = True
        try:
            output = self._generate(question, turns)
        except ChatModelError:
            return ""
        finally:
            self.seconds = time.monotonic() - start
        return _validate_rewrite(output, question, " ".join(text for _, text in turns), marks)

    def _generate(self, question: str, turns: Sequence[tuple[str, str]]) -> str:
        template = prompt("rewrite")
        fence = secrets.token_hex(8)
        rule = f"--- {fence} turn"
        conversation = "\n\n".join(
            f"{rule} {number} ({role}) begins ---\n{text}\n{rule} {number} ends ---"
            for number, (role, text) in enumerate(turns, start=1)
        )
        query = " ".join(remove_invisible(question).split())
        messages = template.messages({"history": conversation, "question": query, "fence": fence})
        text = ""
        seconds = _SHARE * self._settings.model_seconds
        for piece in with_deadline(seconds, lambda: self.model.stream(messages, _MAX_TOKENS)):
            if piece.tokens:
                self.tokens = piece.tokens
            if piece.finish == "refusal":
                raise ChatModelError("refusal")
            if piece.finish.lower() in _CUT_SHORT:
                raise ChatModelError("malformed")
            text += piece.text
        return text


def _displayed_text(turn: Turn, withholds_marks: bool) -> str:
    """Return the text of a turn for the prompt; ``withholds_marks``: without sentences that carry a
    chat model's marks."""
    text = " ".join(remove_invisible(turn_text(turn)).split())[:_TURN_CHARS]
    if not withholds_marks:
        return text
    texts = (span.of(text) for span in sentences(text))
    return " ".join(sentence for sentence in texts if not carries_model_marks(sentence))


def _validate_rewrite(output: str, question: str, conversation: str, withholds_marks: bool) -> str:
    """Return the model's output if it is one short plain question about the conversation; else
    nothing."""
    raw = output.strip()
    clean = strip_markup(raw)
    text = _LABEL.sub("", clean.text).strip("\"'“”„«»「」 ")
    if not re.search(r"\w", text) or not clean.is_clean or len(raw) > _MAX_CHARS:
        return ""
    if "\n" in raw or len(sentences(text)) > 1:
        return ""
    if withholds_marks and carries_model_marks(text):
        return ""
    # "Tell me more about it" asks without a mark; a statement is an answer.
    is_question = text.endswith(_QUESTION_MARKS) or _words(text)[:1] == _words(question)[:1]
    if not is_question:
        return ""
    prefixes = {_prefix(word) for word in _words(f"{question} {conversation}")}
    words = [word for word in _words(text) if not is_function_word(word)]
    new_words = [word for word in words if _prefix(word) not in prefixes]
    if any(word[0].isdigit() for word in new_words):
        return ""
    return text if words and len(new_words) <= _MAX_NEW_SHARE * len(words) else ""


def _words(text: str) -> list[str]:
    return [match.group() for match in _WORD.finditer(text.casefold())]


def _prefix(word: str) -> str:
    return word if word[0].isdigit() else word[:_PREFIX]
