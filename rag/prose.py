"""The written answer: checked sentences with their citations, or the extractive answer and why.

Citations are made from the offsets of the sentences that back, like everywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from index.article import Article, Span
from index.errors import ChatModelError
from index.view import Found
from rag.answer import Citation, Fallback
from rag.chat.base import Tokens
from rag.compose import compose
from rag.read import AlsoIn, Reading

if TYPE_CHECKING:
    from rag.grounds import GroundSentence
    from rag.write import Draft, Writer, Written

__all__ = ["OnTold", "Restart", "Sentence", "Told", "tell", "telling"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A checked sentence as it joins the answer: the text it adds, and its citations."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Restart:
    """What was told so far is taken back: the answer will be extractive, for this reason."""

    reason: Fallback


# The other copies of an article that have a sentence of it.
AlsoInOf = Callable[[Article, Span], tuple[AlsoIn, ...]]
# Told each sentence as it joins the answer, and what takes them back.
OnTold = Callable[[Sentence | Restart], object]


@dataclass(frozen=True, slots=True)
class Told:
    """A whole answer. ``fallback`` says why an answer that was to be written quotes; ``mode`` is
    ``generative`` then only if something written stands before the quotation. ``unsupported``
    are the stretches of it that nothing backs, where they are kept."""

    text: str
    citations: tuple[Citation, ...]
    mode: Literal["extractive", "generative"] = "extractive"
    fallback: Fallback | None = None
    unsupported: tuple[Span, ...] = ()
    tokens: Tokens | None = None
    model: str | None = None


def tell(steps: Iterator[Sentence | Restart | Told], on_told: OnTold | None = None) -> Told:
    """The answer, whole: what the steps of :func:`telling` end with; ``on_told`` is handed all
    before it."""
    last: Told | None = None
    for step in steps:
        if isinstance(step, Told):
            last = step
        elif on_told:
            on_told(step)
    assert last is not None
    return last


def telling(
    writer: Writer | None,
    question: str,
    passages: Sequence[Found],
    reading: Reading,
    *,
    also_in: AlsoInOf | None = None,
    flag: bool = False,
    final: bool = False,
    spent: float = 0.0,
) -> Iterator[Sentence | Restart | Told]:
    """The answer as it is made: every sentence once it is checked, and last the whole.

    Without a writer, when nothing it writes is backed, or when its model fails, the answer is
    extractive. What was let out before a failure is taken back with a ``Restart``, so that the
    same question gives the same answer however it is asked; where what was told is ``final``, it
    stays instead, and the quotation follows. ``flag`` keeps sentences that nothing backs, told
    apart, as long as something is backed; those before the first that is wait for it. ``spent``
    are the seconds of the model's time that are used up. ``also_in`` finds the copies of an
    article of the passages that have a sentence of it.
    """
    if writer is None:
        text, citations = compose(reading.evidence)
        yield Told(text, citations)
        return
    made = _Prose(flag, also_in or (lambda article, sentence: ()))
    draft = writer.draft(question, passages, reading.evidence, spent)
    reason = yield from _checked(draft, made)
    if reason and made.text and not final:
        yield Restart(reason)
        made.clear()
    text, citations = made.text, tuple(made.citations)
    mode: Literal["extractive", "generative"] = "generative" if text else "extractive"
    if reason:
        text, citations = compose(reading.evidence, text, citations)
    unsupported = tuple(made.unsupported)
    yield Told(text, citations, mode, reason, unsupported, draft.tokens, writer.model.name)


def _checked(draft: Draft, made: _Prose) -> Generator[Sentence, None, Fallback | None]:
    """The sentences of the draft that join the answer, and why it cannot stay as it is, if so."""
    wrote = False
    waiting: list[Sentence] = []
    try:
        for written in draft:
            wrote = True
            step = made.add(written)
            waiting += [step] if step else []
            if made.citations:
                yield from waiting
                waiting.clear()
    except ChatModelError as exc:
        reason: Fallback | None = exc.failure
    else:
        reason = None if made.citations else "nothing_supported" if wrote else "not_answered"
    if not made.citations:
        # Nothing was let out, and what waited never is.
        made.clear()
    return reason


@dataclass(slots=True)
class _Prose:
    """An answer that grows by sentences."""

    flag: bool
    also_in: AlsoInOf
    text: str = ""
    citations: list[Citation] = field(default_factory=list)
    unsupported: list[Span] = field(default_factory=list)
    _articles: list[str] = field(default_factory=list)

    def clear(self) -> None:
        """Begin again."""
        self.text = ""
        for each in (self.citations, self.unsupported, self._articles):
            each.clear()

    def add(self, written: Written) -> Sentence | None:
        """Join a sentence to the answer, or leave it out."""
        verdict = written.verdict
        if verdict.label == "unsupported" and not self.flag:
            return None
        before = len(self.text)
        self.text += " " if self.text else ""
        start = len(self.text)
        self.text += _without_marks(written.text)
        span = Span(start, len(self.text))
        cited: list[Citation] = []
        if verdict.label == "unsupported":
            self.unsupported.append(span)
        else:
            for each in verdict.backing:
                named = [(at.article.id, at.span) for known in cited for at in known.also_in]
                # A copy that is named with another need not be cited beside it.
                if (each.article.id, each.span) not in named:
                    cited.append(self._cite(each, span, written))
            self.text += " " + "".join(f"[{each.number}]" for each in cited)
        return Sentence(self.text[before:], tuple(cited))

    def _cite(self, ground: GroundSentence, span: Span, written: Written) -> Citation:
        article = ground.article
        if article.id not in self._articles:
            self._articles.append(article.id)
        label = written.verdict.label
        assert label != "unsupported"
        made = Citation(
            article=article,
            span=ground.span,
            highlight=ground.span,
            answer_span=span,
            number=len(self.citations) + 1,
            document_index=self._articles.index(article.id),
            support=label,
            support_score=written.verdict.score,
            also_in=self.also_in(article, ground.span),
        )
        self.citations.append(made)
        return made


def _without_marks(text: str) -> str:
    """Brackets around digits are what our citations look like, so no other text has them."""
    return text.replace("[", "(").replace("]", ")")
