"""The writer: a chat model's prose from the passages, each sentence checked before it is shown.

The passages are data for the model: numbered, between lines with a random code for this question,
without sentences that carry marks of a chat model (:mod:`rag.text.injection`). Its output is only a
proposal: markup is stripped (:mod:`rag.text.markup`), it is split into sentences
(:mod:`rag.generation.sentence_stream`), and each is checked against the passages
(:mod:`rag.grounding.support_check`). The model's citation marks only decide which passage is
checked first.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from index.snapshot import Found
from index.text.patterns import lazy_regex
from index.text.shingles import same_words
from rag.chat.base import ChatModel, Piece, Tokens
from rag.chat.deadline import with_deadline
from rag.chat.prompts import Prompt, prompt
from rag.errors import ChatModelError
from rag.evidence import Evidence
from rag.generation.sentence_stream import stream_sentences
from rag.grounding.alignment import Grounds, GroundSentence
from rag.grounding.support_check import SupportCheck, Verdict
from rag.settings import Settings
from rag.text.injection import carries_model_marks, remove_invisible
from rag.text.markup import strip_markup

__all__ = ["CheckedSentence", "Draft", "Writer"]

_NOT_ANSWERED: Final = lazy_regex(r"^\W*not answered\W*$", re.IGNORECASE)
# A base model is shown single sentences, and goes astray in many.
_FEW_CHARS: Final = 800
_FEW_TOKENS: Final = 80
_MOST_SENTENCES: Final = 40
_MARKUP: Final = Verdict("unsupported", 0.0, reason="it has an address or markup")
_MODEL_MARKS: Final = Verdict("unsupported", 0.0, reason="it carries marks of a chat model")


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence that a model wrote, without markup, and the support check's verdict."""

    text: str
    verdict: Verdict

    @property
    def is_fit(self) -> bool:
        """Whether it may be shown at all, backed or not: with no address, markup or marks of a chat
        model in it."""
        return self.verdict not in (_MARKUP, _MODEL_MARKS)


@dataclass(frozen=True, slots=True)
class _PromptItem:
    """A numbered item of the prompt, and the passage it is from, counted from 0."""

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
        spent_seconds: float = 0.0,
    ) -> Draft:
        """Prepare an answer; the model is asked when the draft is iterated.

        question: standalone.
        passages: what may be written from, best first.
        evidence: the reader's, which a base model is shown first.
        spent_seconds: the part of the model's time that is used up.
        """
        grounds = self._check.grounds(passages)
        return Draft(self, question, grounds, evidence, spent_seconds)

    def prompt(self) -> Prompt:
        """The prompt template that fits the model."""
        return prompt("completion" if self.model.style == "completion" else "answer")

    def items(self, grounds: Grounds, evidence: Sequence[Evidence]) -> list[_PromptItem]:
        """Select what the model is shown, best first, within the budget of characters."""
        budget = self._settings.model_context_chars
        if self.model.style == "completion":
            return _single_sentences(grounds, evidence, min(budget, _FEW_CHARS))
        return _whole_passages(grounds, budget, self._settings.model_marks)

    def pieces(
        self, question: str, items: Sequence[_PromptItem], spent_seconds: float
    ) -> Iterator[Piece]:
        """Stream what the model writes, within what is left of its time."""
        template = self.prompt()
        fence = secrets.token_hex(8)
        completes = self.model.style == "completion"
        evidence = _format_list(items) if completes else _format_fenced(items, fence)
        query = " ".join(remove_invisible(question).split())
        messages = template.messages({"evidence": evidence, "question": query, "fence": fence})
        limit = self._settings.model_max_tokens
        tokens = min(limit, _FEW_TOKENS) if completes else limit
        seconds = max(self._settings.model_seconds - spent_seconds, 0.0)
        return with_deadline(seconds, lambda: self.model.stream(messages, tokens, template.stop))

    def check(
        self, sentence: str, grounds: Grounds, items: Sequence[_PromptItem]
    ) -> CheckedSentence | None:
        """Clean and check a sentence as the model wrote it.

        sentence: with its markup and markers.
        grounds: the passages that may back it.
        items: what the model was shown, which its markers count.

        Returns ``None`` for a sentence without a word.
        """
        clean = strip_markup(sentence)
        if not re.search(r"\w", clean.text):
            return None
        if not clean.is_clean:
            return CheckedSentence(clean.text, _MARKUP)
        if self._settings.model_marks and carries_model_marks(clean.text):
            return CheckedSentence(clean.text, _MODEL_MARKS)
        marked_passages = {items[n - 1].passage for n in clean.markers if 1 <= n <= len(items)}
        return CheckedSentence(clean.text, self._check.check(clean.text, grounds, marked_passages))


class Draft:
    """The draft of one answer: iterating it asks the model and yields checked sentences.

    ``tokens`` is the provider's count, known when the iteration ends. Iterating raises
    ``ChatModelError`` for any failure of the model.
    """

    def __init__(
        self,
        writer: Writer,
        question: str,
        grounds: Grounds,
        evidence: Sequence[Evidence],
        spent_seconds: float,
    ) -> None:
        self._writer = writer
        self._spent_seconds = spent_seconds
        self._question = question
        self._grounds = grounds
        self._items = writer.items(grounds, evidence)
        self.tokens: Tokens | None = None

    def __iter__(self) -> Iterator[CheckedSentence]:
        if not self._items:
            return
        for count, sentence in enumerate(stream_sentences(self._texts())):
            if count >= _MOST_SENTENCES:
                return
            if _NOT_ANSWERED.match(sentence):
                continue
            checked_sentence = self._writer.check(sentence, self._grounds, self._items)
            if checked_sentence:
                yield checked_sentence

    def _texts(self) -> Iterator[str]:
        has_text = False
        for piece in self._writer.pieces(self._question, self._items, self._spent_seconds):
            if piece.tokens:
                self.tokens = piece.tokens
            if piece.finish == "refusal":
                raise ChatModelError("refusal")
            has_text = has_text or bool(piece.text.strip())
            yield piece.text
        if not has_text:
            raise ChatModelError("malformed")


def _whole_passages(grounds: Grounds, budget: int, withholds_marks: bool) -> list[_PromptItem]:
    items: list[_PromptItem] = []
    for number, hit in enumerate(grounds.passages):
        article = hit.article
        about = [article.title, article.publisher or "", str(article.published_at or "")]
        is_withheld = carries_model_marks if withholds_marks else (lambda _: False)
        head = ", ".join(part for part in about if part and not is_withheld(part))
        sentences = _sentences_of(grounds, number)
        body = " ".join(" ".join(remove_invisible(item.text).split()) for item in sentences)
        text = f"({head}) {body}" if head else body
        if budget < 200:
            break
        # All of it is withheld; what comes after it is not.
        if not body:
            continue
        items.append(_PromptItem(text[:budget], number))
        budget -= len(text)
    return items


def _sentences_of(grounds: Grounds, passage: int) -> list[GroundSentence]:
    """Return the sentences of a passage, in reading order."""
    sentences = [item for item in grounds.sentences if passage in item.passages]
    return sorted(sentences, key=lambda sentence: sentence.span)


def _single_sentences(
    grounds: Grounds, evidence: Sequence[Evidence], budget: int
) -> list[_PromptItem]:
    """Select the sentences that the reader found, then those beside them.

    They are matched by their words, since the quoted copy may be another than the one that was
    read.
    """
    by_words = {same_words(item.text): item for item in reversed(grounds.sentences)}
    first = [by_words.get(same_words(item.sentence.of(item.article.text))) for item in evidence]
    order = [item for item in first if item]
    homes = {passage for item in order for passage in item.passages}
    order += [item for item in grounds.sentences if homes & set(item.passages)]
    items: list[_PromptItem] = []
    for item in dict.fromkeys(order):
        text = " ".join(remove_invisible(item.text).split())
        if len(text) > budget:
            break
        budget -= len(text)
        items.append(_PromptItem(text, item.passages[0]))
    return items


def _format_list(items: Sequence[_PromptItem]) -> str:
    return "\n".join(f"[{number}] {item.text}" for number, item in enumerate(items, start=1))


def _format_fenced(items: Sequence[_PromptItem], fence: str) -> str:
    rule = f"--- {fence} passage"
    return "\n\n".join(
        f"{rule} {number} begins ---\n{item.text}\n{rule} {number} ends ---"
        for number, item in enumerate(items, start=1)
    )
