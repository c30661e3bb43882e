"""Compose the answer: the chat model's checked sentences, or quotations with the reason for
quoting.

Citations are made from the offsets of the sentences that back, as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from index.article import Article, Span
from index.snapshot import Found
from rag.answer import Citation
from rag.chat.base import Tokens
from rag.citing.backreferences import (
    find_backreference,
    points_to_another,
    points_to_place,
    points_to_statement,
)
from rag.citing.lists import MORE
from rag.citing.markers import ABSTENTION, AnswerBuilder, CitationSource
from rag.citing.quotations import Aside
from rag.contract import AnswerMode, Fallback, PartRecord, Stretch, TimelineRecord
from rag.errors import ChatModelError
from rag.events import Restart, Sentence
from rag.evidence import AlsoIn, Evidence, Reading
from rag.text.english import day_in_words

if TYPE_CHECKING:
    from rag.generation.writer import CheckedSentence, Draft, Writer

__all__ = ["AnsweredPart", "ComposedAnswer", "compose_answer", "compose_parts"]

# The other copies of an article that have a sentence of it.
AlsoInOf = Callable[[Article, Span], tuple[AlsoIn, ...]]


@dataclass(frozen=True, slots=True)
class ComposedAnswer:
    """The text of an answer with its citations.

    ``fallback`` is the reason why an answer that was to be written quotes; ``mode`` is then
    ``generative`` only if written sentences stand before the quotation. ``unsupported`` are the
    stretches that nothing backs, where they are kept, ``own_words`` those of Pullquote itself.
    ``more``: how many sentences of a list are evidence and not quoted. ``timeline``: its days.
    ``tokens`` and ``model`` are the chat model's.
    """

    text: str
    citations: tuple[Citation, ...]
    mode: AnswerMode = "extractive"
    fallback: Fallback | None = None
    unsupported: tuple[Stretch, ...] = ()
    own_words: tuple[Stretch, ...] = ()
    parts: tuple[PartRecord, ...] = ()
    more: int = 0
    timeline: tuple[TimelineRecord, ...] = ()
    tokens: Tokens | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class AnsweredPart:
    """A part of a question, the confidence that it is answered, and its evidence: none where the
    confidence is too low. ``more``: how many sentences of a list are evidence and not quoted."""

    question: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    asides: tuple[Aside, ...] = ()
    more: int = 0


def compose_parts(parts: Sequence[AnsweredPart]) -> Generator[Sentence, None, ComposedAnswer]:
    """Compose the answer to a question of several parts: for each a heading of ours, then its
    quotation or a sentence that the articles do not answer it. Parts that the same sentences answer
    (both figures stand in one row) are quoted once, below all their headings.

    Yields every sentence, returns the whole.
    """
    builder = AnswerBuilder()
    records: list[PartRecord] = []
    for _, group in groupby(parts, key=_quoted_sentences):
        members = list(group)
        part, before = members[0], len(builder.citations)
        for number, member in enumerate(members):
            yield builder.say(member.question, separator="\n" if number else "\n\n")
        if part.evidence:
            yield from _quote(builder, part.evidence, part.asides, part.more, "\n")
        else:
            yield builder.say(ABSTENTION["not_in_articles"], separator="\n")
        numbers = tuple(citation.number for citation in builder.citations[before:])
        records += [
            PartRecord(
                question=member.question,
                answered=bool(member.evidence),
                confidence=member.confidence,
                citations=numbers,
            )
            for member in members
        ]
    return ComposedAnswer(
        builder.text,
        tuple(builder.citations),
        own_words=tuple(builder.own_words),
        parts=tuple(records),
        more=sum(part.more for part in parts),
    )


def _quoted_sentences(part: AnsweredPart) -> Hashable:
    """Return what is equal for parts next to each other that are quoted alike; a part without
    evidence, or with more than is quoted, stands alone."""
    if not part.evidence or part.more:
        return part.question
    asides = (item for aside in part.asides for item in aside.evidence)
    return tuple((item.article.id, item.sentence) for item in (*part.evidence, *asides))


def compose_answer(
    writer: Writer | None,
    question: str,
    passages: Sequence[Found],
    reading: Reading,
    *,
    also_in: AlsoInOf,
    asides: Sequence[Aside] = (),
    more: int = 0,
    keep_unsupported: bool = False,
    final: bool = False,
    spent_seconds: float = 0.0,
) -> Generator[Sentence | Restart, None, ComposedAnswer]:
    """Compose the answer: yields every sentence once it is sure, returns the whole.

    Without a writer, when nothing it writes is backed, or when its model fails, the answer is
    extractive. What was yielded before a failure is taken back with a ``Restart``, so that the
    same question gives the same answer however it is asked.

    writer: writes the draft; ``None`` to quote.
    question: standalone.
    passages: what may be written from.
    reading: the reader's evidence, which is quoted.
    also_in: finds the copies of an article of the passages that have a sentence of it.
    asides: what an extractive answer quotes beside that.
    more: how many sentences are evidence too, of which it says that there are more.
    keep_unsupported: keep sentences that nothing backs, told apart, as long as something is
        backed; those before the first that is wait for it. What is not fit to be shown goes.
    final: instead of a restart, keep what was yielded and let the quotation follow it.
    spent_seconds: of the model's time, what is used up.
    """
    builder = AnswerBuilder()
    if writer is None:
        yield from _quote(builder, reading.evidence, asides, more)
        return _answer_of(builder, more)
    draft = writer.draft(question, passages, reading.evidence, spent_seconds)
    reason = yield from _add_checked(draft, builder, also_in, keep_unsupported)
    if reason and builder.text and not final:
        yield Restart(reason)
        builder.clear()
    mode: AnswerMode = "generative" if builder.text else "extractive"
    if reason:
        yield from _quote(builder, reading.evidence, asides, more)
    answer = _answer_of(builder, more if reason else 0)
    return replace(answer, mode=mode, fallback=reason, tokens=draft.tokens, model=writer.model.name)


def _answer_of(builder: AnswerBuilder, more: int) -> ComposedAnswer:
    """The answer that a builder holds; ``more``: how many sentences it says there are besides."""
    return ComposedAnswer(
        builder.text,
        tuple(builder.citations),
        unsupported=tuple(builder.unsupported),
        own_words=tuple(builder.own_words),
        more=more,
    )


def _quote(
    builder: AnswerBuilder,
    evidence: Sequence[Evidence],
    asides: Sequence[Aside],
    more: int,
    separator: str = "\n\n",
) -> Generator[Sentence, None, None]:
    """Quote what answers and, behind it, other states of the story. Where one of those is newer,
    the day of what answers stands before it: nobody should take that for how things stand."""
    day = evidence[0].article.published_at if evidence else None
    if day and any(aside.role == "later" for aside in asides):
        yield builder.say(f"As of {day_in_words(day)}:", separator)
        separator = "\n"
    yield from builder.quote(evidence, separator=separator)
    if more:
        yield builder.say(MORE)
    for aside in asides:
        yield from builder.quote_aside(aside)


def _add_checked(
    draft: Draft, builder: AnswerBuilder, also_in: AlsoInOf, keep_unsupported: bool
) -> Generator[Sentence, None, Fallback | None]:
    """Add the draft's sentences to the answer; returns the reason why it has to be replaced by a
    quotation, if there is one.

    After a sentence that is left out, those that refer back are left out too: "its profit" would be
    that of whoever is named before.
    """
    has_sentences = is_left_out = False
    texts: set[str] = set()
    pending: list[Sentence] = []
    try:
        for sentence in draft:
            has_sentences = True
            is_left_out = (
                not _is_shown(sentence, keep_unsupported)
                # A small model repeats itself.
                or sentence.text in texts
                or (is_left_out and _refers_back(sentence.text))
            )
            if is_left_out:
                continue
            texts.add(sentence.text)
            pending.append(_add_sentence(sentence, builder, also_in))
            if builder.citations:
                yield from pending
                pending.clear()
    except ChatModelError as exc:
        reason: Fallback | None = exc.failure
    else:
        failure: Fallback = "nothing_supported" if has_sentences else "not_answered"
        reason = None if builder.citations else failure
    if not builder.citations:
        # Nothing was let out, and what waited never is.
        builder.clear()
    return reason


def _is_shown(sentence: CheckedSentence, keep_unsupported: bool) -> bool:
    """Whether a sentence may be shown for itself."""
    return sentence.is_fit and (keep_unsupported or sentence.verdict.label != "unsupported")


def _refers_back(sentence: str) -> bool:
    """Whether a sentence may speak of what the one before it names."""
    # "The company's" as "the company".
    text = re.sub(r"[’']s\b", "", sentence)
    is_pointer = points_to_another(text) or points_to_place(text) or points_to_statement(text)
    return is_pointer or find_backreference(text) is not None


def _add_sentence(sentence: CheckedSentence, builder: AnswerBuilder, also_in: AlsoInOf) -> Sentence:
    """Add a sentence to the answer, with citations of its sources."""
    words, verdict = _without_brackets(sentence.text), sentence.verdict
    if verdict.label == "unsupported":
        return builder.add(words, [])
    sources: list[CitationSource] = []
    for evidence in verdict.backing:
        copies = [(copy.article.id, copy.span) for source in sources for copy in source.also_in]
        # A copy that is named with another need not be cited beside it.
        if (evidence.article.id, evidence.span) not in copies:
            span, article = evidence.span, evidence.article
            sources.append(CitationSource(article, span, span, also_in(article, span)))
    return builder.add(words, sources, verdict.label, verdict.score)


def _without_brackets(text: str) -> str:
    """Remove brackets around digits from a text: they would look like our citations."""
    return text.replace("[", "(").replace("]", ")")
