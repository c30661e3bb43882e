"""The text of an answer, quoted or written: checked sentences, or the quotation and why.

Citations are made from the offsets of the sentences that back, like everywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.article import Article, Span
from index.errors import ChatModelError
from index.snapshot import Found
from rag.answer import Citation
from rag.chat.base import Tokens
from rag.citing.markers import Backing, Composition
from rag.contract import AnswerMode, Fallback, Stretch
from rag.events import Restart, Sentence
from rag.evidence import AlsoIn, Reading

if TYPE_CHECKING:
    from rag.generation.writer import Draft, Writer, Written

__all__ = ["Told", "telling"]

# The other copies of an article that have a sentence of it.
AlsoInOf = Callable[[Article, Span], tuple[AlsoIn, ...]]


@dataclass(frozen=True, slots=True)
class Told:
    """A whole answer. ``fallback`` says why an answer that was to be written quotes; ``mode`` is
    ``generative`` then only if something written stands before the quotation. ``unsupported``
    are the stretches of it that nothing backs, where they are kept."""

    text: str
    citations: tuple[Citation, ...]
    mode: AnswerMode = "extractive"
    fallback: Fallback | None = None
    unsupported: tuple[Stretch, ...] = ()
    tokens: Tokens | None = None
    model: str | None = None


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
) -> Generator[Sentence | Restart, None, Told]:
    """The answer as it is made: every sentence once it is sure; returns the whole.

    Without a writer, when nothing it writes is backed, or when its model fails, the answer is
    extractive. What was let out before a failure is taken back with a ``Restart``, so that the
    same question gives the same answer however it is asked; where what was told is ``final``, it
    stays instead, and the quotation follows. ``flag`` keeps sentences that nothing backs, told
    apart, as long as something is backed; those before the first that is wait for it. ``spent``
    are the seconds of the model's time that are used up. ``also_in`` finds the copies of an
    article of the passages that have a sentence of it.
    """
    made = Composition()
    if writer is None:
        yield from made.quote(reading.evidence)
        return Told(made.text, tuple(made.citations))
    draft = writer.draft(question, passages, reading.evidence, spent)
    reason = yield from _written(draft, made, also_in or (lambda article, sentence: ()), flag)
    if reason and made.text and not final:
        yield Restart(reason)
        made.clear()
    mode: AnswerMode = "generative" if made.text else "extractive"
    if reason:
        yield from made.quote(reading.evidence)
    return Told(
        made.text,
        tuple(made.citations),
        mode,
        reason,
        tuple(made.unsupported),
        draft.tokens,
        writer.model.name,
    )


def _written(
    draft: Draft, made: Composition, also_in: AlsoInOf, flag: bool
) -> Generator[Sentence, None, Fallback | None]:
    """The sentences of the draft that join the answer; returns why it cannot stay as it is, if
    so."""
    wrote = False
    waiting: list[Sentence] = []
    try:
        for written in draft:
            wrote = True
            if written.verdict.label == "unsupported" and not flag:
                continue
            waiting.append(_joined(written, made, also_in))
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


def _joined(written: Written, made: Composition, also_in: AlsoInOf) -> Sentence:
    """The sentence, joined to the answer with citations of what backs it."""
    words, verdict = _without_brackets(written.text), written.verdict
    if verdict.label == "unsupported":
        return made.add(words, [])
    backings: list[Backing] = []
    for ground in verdict.backing:
        named = [(at.article.id, at.span) for known in backings for at in known.also_in]
        # A copy that is named with another need not be cited beside it.
        if (ground.article.id, ground.span) not in named:
            others = also_in(ground.article, ground.span)
            backings.append(Backing(ground.article, ground.span, ground.span, others))
    return made.add(words, backings, verdict.label, verdict.score)


def _without_brackets(text: str) -> str:
    """Brackets around digits are what our citations look like, so no other text has them."""
    return text.replace("[", "(").replace("]", ")")
