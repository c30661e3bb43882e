"""Attribution: find who says what a sentence of an article states.

Without a model: by the attributions in the sentence (:mod:`rag.facts.saying`), for a pronoun by who
speaks or is named before it, and for a sentence inside a quotation by the attribution beside it. A
sentence without an attribution is the article's own, and what somebody "would not say" is not
said. What is an article's own is its author's, and in an interview, behind its first question, that
of whom it was introduced with; in a transcript each sentence is of whose turn it is. English only.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from index.article import Span
from index.text.patterns import lazy_regex
from rag.facts.identity import compare_identity, is_mentioned, is_person_like
from rag.facts.names import Name, article_names, names
from rag.facts.saying import QUOTE_MARKS, speakers
from rag.facts.turns import turn_of
from rag.query.word_list import common_words
from rag.text.references import is_generic

__all__ = ["Attribution", "attribute", "find_voice", "is_voiced"]

# Whether a sentence is said by the one asked for, by another, by nobody (it is the article's own),
# or cannot be told.
Attribution = Literal["asked", "other", "nobody", "unknown"]

_PRONOUNS: Final = frozenset(("he", "she", "they", "it", "i", "we", "who"))
_OWNER_ENDS: Final = ("'s", "’s")
_OPENING_PRONOUNS: Final = frozenset(("he", "she", "they", "it", "his", "her", "their", "its"))
_SENTENCES_BACK: Final = 3
_IN_PLACE: Final = lazy_regex(r"\b(?:in|at|near|from|to|into)\s+(?:the\s+)?$", re.IGNORECASE)
# In their own text these mean the author, or who is interviewed.
_NARRATING: Final = frozenset(("i", "we"))
_QUESTION_LINE: Final = lazy_regex(rf"^[^\n{QUOTE_MARKS}]{{8,200}}\?$", re.MULTILINE)
_LEAST_QUESTIONS: Final = 2
# Who speaks in a line of an interview: "Q: Why seals?", "THE COURIER: Why seals?".
_LINE_MARK: Final = lazy_regex(r"[^\W\d_][^\n:]{0,30}:(?=\s)")
_ALL_QUOTED: Final = lazy_regex(rf"[\"“„«][^{QUOTE_MARKS}]*[\"”“»][.,!?]?")
# So far back somebody may be named whom a pronoun means.
_NAMED_BACK: Final = 6


@dataclass(frozen=True, slots=True)
class _Voices:
    """Who says a sentence, as the article names them; ``is_by_pronoun``: a "he" or "she" was
    resolved."""

    phrases: Sequence[str]
    is_by_pronoun: bool = False


def is_voiced(text: str, sentences: Sequence[Span], at: int) -> bool:
    """Whether the sentence ``sentences[at]`` of an article's ``text`` is attributed to anybody."""
    return bool(_voices(text, sentences, at).phrases)


def find_voice(text: str, sentences: Sequence[Span], at: int) -> int | None:
    """Find the sentence of the paragraph that says who speaks in ``sentences[at]``, where that is
    nothing but a quotation: the nearest before it that names them, else the one beside it that
    has an attribution. ``None`` where the sentence is more, or none beside it says so. In a
    transcript the one that begins the turn, where that is another."""
    if turn := turn_of(text, sentences[at]):
        opening = bisect_left(sentences, turn.span.start, key=lambda span: span.start)
        return opening if opening < at else None
    if not _is_all_quoted(text, sentences[at]):
        return None
    before = _attributed(text, sentences, at, range(at - 1, max(at - 1 - _SENTENCES_BACK, -1), -1))
    naming = [
        place for place in before if not all(map(_is_pronoun, speakers(sentences[place].of(text))))
    ]
    # What follows without marks is the next statement.
    after = [
        place
        for place in _attributed(text, sentences, at, range(at + 1, min(at + 2, len(sentences))))
        if _is_quotation(text, sentences[place])
    ]
    return next(iter([*naming, *before, *after]), None)


def _attributed(text: str, sentences: Sequence[Span], at: int, places: Iterable[int]) -> list[int]:
    """The sentences in the paragraph of ``sentences[at]`` at these places that have an attribution,
    as long as nothing stands between but quotations of the same voice."""
    result: list[int] = []
    for place in places:
        if not _same_paragraph(text, sentences[at], sentences[place]):
            break
        if _is_all_quoted(text, sentences[place]):
            continue
        phrases = speakers(sentences[place].of(text))
        if not phrases:
            break
        result.append(place)
        if not all(map(_is_pronoun, phrases)):
            break
    return result


def attribute(
    speaker: str, text: str, sentences: Sequence[Span], at: int, author: str | None = None
) -> Attribution:
    """Tell whether a sentence of an article is attributed to ``speaker``.

    speaker: as the question names them: a name, or a role ("the mayor of Weiden").
    text: the article's.
    sentences: those of the article, in order.
    at: the index of the sentence.
    author: whose article it is, where that is known.
    """
    voices = _voices(text, sentences, at)
    is_narrated = not _is_quotation(text, sentences[at])
    if (
        is_narrated
        and set(map(str.lower, voices.phrases)) <= _NARRATING
        and (
            (author and compare_identity(speaker, author, text) == "same")
            or _is_interviewed(speaker, text, sentences[at])
        )
    ):
        return "asked"
    if phrases := voices.phrases:
        identities = {compare_identity(speaker, phrase, text) for phrase in phrases}
        if "same" in identities:
            return "asked"
        # Which company "the company" is, is never sure.
        is_unsure = "unknown" in identities or any(map(is_generic, phrases))
        is_unsure |= is_mentioned(speaker, sentences[at].of(text), text)
        if voices.is_by_pronoun:
            is_unsure |= _is_named_before(speaker, text, sentences, at)
        return "unknown" if is_unsure else "other"
    sentence = sentences[at].of(text)
    # What is told of somebody may be what they say: "Ruiz put the delay down to water."
    is_open = not is_narrated or is_mentioned(speaker, sentence, text)
    if not is_open and _begins_with_pronoun(sentence):
        is_open = _may_be_meant(speaker, text, sentences, at)
    return "unknown" if is_open else "nobody"


def _is_interviewed(speaker: str, text: str, sentence: Span) -> bool:
    """Whether an article is an interview with ``speaker``, of which the sentence is an answer: at
    least two paragraphs are a question, and what stands before the first names them. Lines with
    the mark of the first question ("Q: You have left it.") are no answers either."""
    questions = list(_QUESTION_LINE.finditer(text))
    if len(questions) < _LEAST_QUESTIONS or sentence.start < questions[0].end():
        return False
    line_start = text.rfind("\n", 0, sentence.start) + 1
    asker = _LINE_MARK.match(text, questions[0].start())
    is_askers = asker is not None and text.startswith(asker.group(), line_start)
    is_question = any(match.start() <= sentence.start < match.end() for match in questions)
    is_answer = not is_question and not is_askers
    return is_answer and is_mentioned(speaker, text[: questions[0].start()], text)


def _is_named_before(speaker: str, text: str, sentences: Sequence[Span], at: int) -> bool:
    """Whether one of the sentences before names ``speaker``, or may: a pronoun may mean them."""
    before = sentences[max(at - _NAMED_BACK, 0) : at]
    return any(compare_identity(speaker, span.of(text), text) != "other" for span in before)


def _may_be_meant(speaker: str, text: str, sentences: Sequence[Span], at: int) -> bool:
    """Whether the pronoun that begins a sentence may mean ``speaker``: they are what it most
    probably refers to as far as that is known, or the sentence before names them."""
    antecedents = _antecedents(text, sentences, at)
    if not antecedents or is_mentioned(speaker, sentences[at - 1].of(text), text):
        return True
    return any(compare_identity(speaker, phrase, text) != "other" for phrase in antecedents)


def _begins_with_pronoun(sentence: str) -> bool:
    return sentence.partition(" ")[0].lower() in _OPENING_PRONOUNS


def _is_pronoun(phrase: str) -> bool:
    return phrase.lower() in _PRONOUNS


def _voices(text: str, sentences: Sequence[Span], at: int) -> _Voices:
    """Return who says a sentence: by its own attributions, or inside a quotation by those of the
    sentence beside it."""
    span = sentences[at]
    if turn := turn_of(text, span):
        return _Voices([*_speakers_behind(text, sentences, at).phrases, turn.speaker])
    if _is_all_quoted(text, span):
        # What somebody tells in it of another ("he asked again") is their own, too.
        voice = find_voice(text, sentences, at)
        return _Voices(()) if voice is None else _speakers_behind(text, sentences, voice)
    voices = _speakers_behind(text, sentences, at)
    if voices.phrases or not _is_quotation(text, span):
        return voices
    # What follows without marks is the next statement, and what goes before has the voice.
    is_next_quoted = at + 1 < len(sentences) and _is_quotation(text, sentences[at + 1])
    for beside in (at + 1, at - 1) if is_next_quoted else (at - 1, at + 1):
        if 0 <= beside < len(sentences) and _same_paragraph(text, span, sentences[beside]):
            voices = _speakers_behind(text, sentences, beside)
            if voices.phrases:
                return voices
    return voices


def _speakers_behind(text: str, sentences: Sequence[Span], at: int) -> _Voices:
    """Return the attributions of a sentence, with pronouns and the like resolved; a pronoun stays
    where it cannot be."""
    sentence = sentences[at].of(text)
    phrases = speakers(sentence)
    plain = [phrase for phrase in phrases if not _is_pronoun(phrase)]
    if any(map(is_generic, plain)) and (body := _nearest_body(text, sentences, at)):
        # "Sunfield will build a plant, the company said."
        plain.append(body)
    # A "he" after a name in the same sentence is mostly that one.
    if not phrases or not _is_pronoun(phrases[0]):
        return _Voices(plain)
    return _Voices(plain + (_antecedents(text, sentences, at) or phrases[:1]), is_by_pronoun=True)


def _sure_names(sentence: str, text: str) -> list[Name]:
    """Return the names of a sentence, without a first word that may be any word: a common one that
    the article writes with a capital nowhere else."""
    return [
        name
        for name in names(sentence)
        if not name.first
        or name.words[0] not in common_words()
        or any(
            not namesake.first and namesake.words == name.words for namesake in article_names(text)
        )
    ]


def _nearest_body(text: str, sentences: Sequence[Span], at: int) -> str:
    """Return the name, in the sentence or the nearest before it, of what is no person as far as the
    article tells; empty where there is none."""
    for back in range(at, max(at - 1 - _SENTENCES_BACK, -1), -1):
        sentence = sentences[back].of(text)
        for name in _sure_names(sentence, text):
            is_place = _IN_PLACE.search(sentence[: name.start])
            if not is_place and not is_person_like(name, text):
                return sentence[name.start : name.end]
    return ""


def _antecedents(text: str, sentences: Sequence[Span], at: int) -> list[str]:
    """Return who speaks, or is named first, in the nearest sentence before that has such a name."""
    for back in range(at - 1, max(at - 1 - _SENTENCES_BACK, -1), -1):
        before = sentences[back].of(text)
        phrases = [phrase for phrase in speakers(before) if not _is_pronoun(phrase)]
        if phrases:
            return phrases[-1:]
        if people := _sure_names(before, text) or names(before):
            # Whoever is named first in a sentence is mostly whom it is about, but not whose it is:
            # "Athletic's manager, Vic Weir, was gracious."
            name_texts = [before[name.start : name.end] for name in people]
            return [name for name in name_texts if not name.endswith(_OWNER_ENDS)][
                :1
            ] or name_texts[:1]
    return []


def _is_quotation(text: str, span: Span) -> bool:
    """Whether a sentence has quotation marks or stands between two of its paragraph."""
    sentence = span.of(text)
    if any(mark in sentence for mark in QUOTE_MARKS):
        return True
    start = text.rfind("\n", 0, span.start) + 1
    before = text[start : span.start]
    is_open = before.count("“") + before.count("„") > before.count("”")
    return is_open or before.count('"') % 2 == 1


def _is_all_quoted(text: str, span: Span) -> bool:
    """Whether a sentence is one quotation and nothing else."""
    return _ALL_QUOTED.fullmatch(span.of(text)) is not None


def _same_paragraph(text: str, first: Span, second: Span) -> bool:
    first, second = sorted((first, second))
    return "\n" not in text[first.end : second.start]
