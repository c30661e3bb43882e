"""The writer: a chat model's prose from the passages, each sentence checked before it is let out.

What the model is shown is data: numbered, between lines with a code drawn for this question,
without sentences that carry marks of a chat model (:mod:`rag.text.injection`). What it writes is
only a proposal: it is made plain (:mod:`rag.text.markup`), cut into sentences
(:mod:`rag.generation.sentence_stream`), and each is held against the passages
(:mod:`rag.grounding.support_check`). Its marks decide nothing but where to look first.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from index.errors import ChatModelError
from index.snapshot import Found
from index.text.shingles import same_words
from rag.chat.base import ChatModel, Piece, Tokens
from rag.chat.deadline import within
from rag.chat.prompts import Prompt, prompt
from rag.evidence import Evidence
from rag.generation.sentence_stream import whole_sentences
from rag.grounding.alignment import Grounds, GroundSentence
from rag.grounding.support_check import SupportCheck, Verdict
from rag.settings import Settings
from rag.text.injection import carries_marks, unseen_removed
from rag.text.markup import plain

__all__ = ["Draft", "Writer", "Written"]

_NOT_ANSWERED: Final = re.compile(r"^\W*not answered\W*$", re.IGNORECASE)
# A base model is shown single sentences, and goes astray in many.
_FEW_CHARS: Final = 800
_FEW_TOKENS: Final = 80
_MOST_SENTENCES: Final = 40
_UNFIT: Final = Verdict("unsupported", 0.0, reason="it has an address or markup")
_ORDERS: Final = Verdict("unsupported", 0.0, reason="it carries marks of a chat model")


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence that a model wrote, made plain, and what the check says of it."""

    text: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class _Item:
    """Something numbered in the prompt, and the passage it is from, counted from 0."""

    text: str
    passage: int


class Writer:
    """Writes answers with a chat model. Safe to share between threads."""

    def __init__(self, model: ChatModel, check: SupportCheck, settings: Settings) -> None:
        self.model = model
        self._check = check
        self._settings = settings

    def draft(
        self,
        question: str,
        passages: Sequence[Found],
        evidence: Sequence[Evidence],
        spent: float = 0.0,
    ) -> Draft:
        """An answer that is about to be written. Nothing is asked of the model before the draft
        is read. ``spent`` are the seconds of its time that are used up."""
        grounds = self._check.grounds(passages)
        return Draft(self, question, grounds, evidence, spent)

    def prompt(self) -> Prompt:
        """The prompt that fits the model."""
        return prompt("completion" if self.model.style == "completion" else "answer")

    def items(self, grounds: Grounds, evidence: Sequence[Evidence]) -> list[_Item]:
        """What the model is shown, best first, within the budget of characters."""
        budget = self._settings.model_context_chars
        if self.model.style == "completion":
            return _single_sentences(grounds, evidence, min(budget, _FEW_CHARS))
        return _whole_passages(grounds, budget)

    def pieces(self, question: str, items: Sequence[_Item], spent: float) -> Iterator[Piece]:
        """What the model writes, within what is left of its time."""
        chosen = self.prompt()
        fence = secrets.token_hex(8)
        completes = self.model.style == "completion"
        shown = _listed(items) if completes else _fenced(items, fence)
        asked = " ".join(unseen_removed(question).split())
        messages = chosen.messages({"evidence": shown, "question": asked, "fence": fence})
        limit = self._settings.model_max_tokens
        tokens = min(limit, _FEW_TOKENS) if completes else limit
        seconds = max(self._settings.model_seconds - spent, 0.0)
        return within(seconds, lambda: self.model.stream(messages, tokens, chosen.stop))

    def check(self, sentence: str, grounds: Grounds, items: Sequence[_Item]) -> Written | None:
        """A raw sentence made plain and checked; None for one that says nothing."""
        made = plain(sentence)
        if not re.search(r"\w", made.text):
            return None
        if not made.fit:
            return Written(
                made.text, Verdict("unsupported", 0.0, reason="it has an address or markup")
            )
        if carries_marks(made.text):
            return Written(made.text, _ORDERS)
        marked = {items[n - 1].passage for n in made.marks if 1 <= n <= len(items)}
        return Written(made.text, self._check.check(made.text, grounds, marked))


class Draft:
    """One answer in the making: iterate it for its sentences, each checked.

    ``tokens`` is what the provider counted, known when the iteration ends. Iterating raises
    ``ChatModelError`` for everything that goes wrong with the model.
    """

    def __init__(
        self,
        writer: Writer,
        question: str,
        grounds: Grounds,
        evidence: Sequence[Evidence],
        spent: float,
    ) -> None:
        self._writer = writer
        self._spent = spent
        self._question = question
        self._grounds = grounds
        self._items = writer.items(grounds, evidence)
        self.tokens: Tokens | None = None

    def __iter__(self) -> Iterator[Written]:
        said: set[str] = set()
        if not self._items:
            return
        for count, sentence in enumerate(whole_sentences(self._texts())):
            if count >= _MOST_SENTENCES:
                return
            if _NOT_ANSWERED.match(sentence):
                continue
            written = self._writer.check(sentence, self._grounds, self._items)
            # A small model repeats itself.
            if written and written.text not in said:
                said.add(written.text)
                yield written

    def _texts(self) -> Iterator[str]:
        anything = False
        for piece in self._writer.pieces(self._question, self._items, self._spent):
            if piece.tokens:
                self.tokens = piece.tokens
            if piece.finish == "refusal":
                raise ChatModelError("refusal")
            anything = anything or bool(piece.text.strip())
            yield piece.text
        if not anything:
            raise ChatModelError("malformed")


def _whole_passages(grounds: Grounds, budget: int) -> list[_Item]:
    items: list[_Item] = []
    for number, found in enumerate(grounds.passages):
        article = found.article
        about = [article.title, article.publisher or "", str(article.published_at or "")]
        head = ", ".join(part for part in about if part and not carries_marks(part))
        body = " ".join(
            " ".join(unseen_removed(each.text).split())
            for each in sorted(_of(grounds, number), key=lambda each: each.span)
        )
        text = f"({head}) {body}" if head else body
        if budget < 200 or not body:
            break
        items.append(_Item(text[:budget], number))
        budget -= len(text)
    return items


def _of(grounds: Grounds, passage: int) -> list[GroundSentence]:
    return [each for each in grounds.sentences if passage in each.passages]


def _single_sentences(grounds: Grounds, evidence: Sequence[Evidence], budget: int) -> list[_Item]:
    """The sentences that the reader found, then those beside them. They are known by their words:
    what is quoted may be another copy than what was read."""
    found = {same_words(each.text): each for each in reversed(grounds.sentences)}
    first = [found.get(same_words(each.sentence.of(each.article.text))) for each in evidence]
    order = [each for each in first if each]
    homes = {passage for each in order for passage in each.passages}
    order += [each for each in grounds.sentences if homes & set(each.passages)]
    items: list[_Item] = []
    for each in dict.fromkeys(order):
        text = " ".join(unseen_removed(each.text).split())
        if len(text) > budget:
            break
        budget -= len(text)
        items.append(_Item(text, each.passages[0]))
    return items


def _listed(items: Sequence[_Item]) -> str:
    return "\n".join(f"[{number}] {item.text}" for number, item in enumerate(items, start=1))


def _fenced(items: Sequence[_Item], fence: str) -> str:
    rule = f"--- {fence} passage"
    return "\n\n".join(
        f"{rule} {number} begins ---\n{item.text}\n{rule} {number} ends ---"
        for number, item in enumerate(items, start=1)
    )
