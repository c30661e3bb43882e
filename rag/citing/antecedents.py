"""Make sentences readable alone that begin with "It", "But she", "The company", "Neither", say
"there" of a place that they do not name, or are a quotation, or of a turn in a transcript, without
its speaker.

Where the antecedent of such a word is certain by a fitted model, it stands in brackets in place of
the word, in the article's own words and with its place there; otherwise the sentence before is
quoted as well. English only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final, Literal

from index.article import Span
from index.snapshot import View
from index.text.patterns import lazy_regex
from rag.citing.antecedent_features import Setting
from rag.citing.antecedent_model import AntecedentModel
from rag.citing.backreferences import (
    find_backreference,
    points_to_another,
    points_to_place,
    points_to_statement,
)
from rag.citing.candidates import Candidate, find_candidates
from rag.citing.interviews import needs_question
from rag.evidence import Antecedent, Evidence
from rag.facts.attribution import find_voice
from rag.facts.turns import turn_of
from rag.reading.statements import is_statement
from rag.text.article_sentences import article_sentences

__all__ = ["Readability", "find_antecedent", "readable_alone", "refers_back"]

# What is done about a sentence that cannot be read alone.
Readability = Literal["brackets", "sentence", "off"]
# "The driver", "My nephew", "One man".
_DETERMINER: Final = lazy_regex(
    r"[\"“„«]?(?:the|an?|my|our|one|another|this|that|every|no)\s", re.IGNORECASE
)
# How far back a chain of words that refer back is followed: "It ... It ... It ...".
_LONGEST_CHAIN: Final = 3


def readable_alone(
    view: View, evidence: Sequence[Evidence], mode: Readability = "brackets"
) -> tuple[Evidence, ...]:
    """Give sentences that refer back their antecedent, or else the sentence before as context.

    view: the state of the library.
    evidence: best first; the result has the same order, with all context at its end.
    mode: `sentence` always quotes the sentence before, `off` leaves the evidence as it is.
    """
    if mode == "off":
        return tuple(evidence)
    context: list[Evidence] = []
    replacements: dict[tuple[str, Span], Evidence] = {}
    order = sorted(evidence, key=lambda item: item.article.id)
    for article_id, group in groupby(order, key=lambda item: item.article.id):
        sentences = article_sentences(view, article_id)
        quotations = list(group)
        spans = {item.sentence for item in quotations}
        for item in quotations:
            if item.sentence not in sentences:
                continue
            at, text, title = sentences.index(item.sentence), item.article.text, item.article.title
            if voices := _voice_places(text, title, sentences, at):
                missing = [place for place in voices if sentences[place] not in spans]
                spans.update(sentences[place] for place in missing)
                context += [_context(item, sentences, place, mode) for place in missing]
                if turn_of(text, item.sentence) is None:
                    continue
            before = sentences[at - 1] if at else None
            if before is None or before in spans or not is_statement(text, before):
                continue
            if needs_question(text, before, item.sentence):
                places = [*_voice_places(text, title, sentences, at - 1), at - 1]
                missing = [place for place in places if sentences[place] not in spans]
                spans.update(sentences[place] for place in missing)
                context += [_context(item, sentences, place, "sentence") for place in missing]
                continue
            if not refers_back(text, title, sentences, at):
                continue
            found = _bracketed(item, title, sentences, at, mode)
            if found.antecedent:
                replacements[article_id, item.sentence] = found
                continue
            place = _context_place(text, title, sentences, at) if mode == "brackets" else at - 1
            if place is not None and sentences[place] not in spans:
                spans.add(sentences[place])
                context.append(_context(item, sentences, place, mode))
    result = [replacements.get((item.article.id, item.sentence), item) for item in evidence]
    return (*result, *context)


def _voice_places(text: str, title: str, sentences: Sequence[Span], at: int) -> list[int]:
    """Where the sentences stand that say who speaks in one that is nothing but a quotation: its
    attribution and, where that is a "she said", what that refers to in the same paragraph."""
    voice = find_voice(text, sentences, at)
    if voice is None:
        return []
    if voice and refers_back(text, title, sentences, voice):
        place = _context_place(text, title, sentences, voice)
        if place is not None and "\n" not in text[sentences[place].end : sentences[voice].start]:
            return [voice, place]
    return [voice]


def find_antecedent(
    text: str, sentences: Sequence[Span], at: int, title: str = "", depth: int = _LONGEST_CHAIN
) -> Antecedent | None:
    """Find the antecedent of the word for which a sentence cannot be read alone; ``None`` where it
    is uncertain, or there is no such word.

    text: the article's.
    sentences: those of the article, in order.
    at: the index of the sentence.
    title: the article's.
    depth: how many sentences before may be resolved in their turn.
    """
    setting = _setting(text, title, sentences, at)
    if setting is None or AntecedentModel.load().stands_alone(setting):
        return None
    if depth and at > 1 and (topic := find_antecedent(text, sentences, at - 1, title, depth - 1)):
        setting = replace(setting, topic=topic.name)
    model, reference = AntecedentModel.load(), setting.reference
    ranking = model.rank(setting)
    if not ranking or not model.is_certain(setting, ranking[0][0]):
        return None
    if ranking[0][1].place.start < _reach(text, sentences, at):
        return None
    start = sentences[at].start
    word = Span(start + reference.start, start + reference.end)
    return Antecedent(word, ranking[0][1].place, reference.is_possessive)


def _setting(text: str, title: str, sentences: Sequence[Span], at: int) -> Setting | None:
    """Where a sentence's word that may refer back stands; ``None`` where it has none."""
    reference = find_backreference(sentences[at].of(text))
    if reference is None or not at:
        return None
    return Setting(text, title, sentences, at, reference)


def refers_back(text: str, title: str, sentences: Sequence[Span], at: int) -> bool:
    """Whether a sentence has a word for which it cannot be read alone."""
    setting = _setting(text, title, sentences, at)
    if setting is not None and not AntecedentModel.load().stands_alone(setting):
        return True
    sentence = sentences[at].of(text)
    tests = points_to_another, points_to_place, points_to_statement
    return at > 0 and any(test(sentence) for test in tests)


def _context_place(
    text: str, title: str, sentences: Sequence[Span], at: int, depth: int = _LONGEST_CHAIN
) -> int | None:
    """Find the sentence that makes another one readable: one of the two before, the one that has
    what the word most probably refers to, and else the one before. Where that one refers back too,
    it does not say who "she" or which "the company" is (in 1 of 14 labelled stories): then what it
    refers to itself, or none. None, too, where it speaks of nobody ("There will be 46.")."""
    setting = _setting(text, title, sentences, at)
    ranking = AntecedentModel.load().rank(setting) if setting else []
    reach = _reach(text, sentences, at)
    places = [
        back
        for back in (at - 2, at - 1)
        if back >= 0 and sentences[back].start >= reach and is_statement(text, sentences[back])
    ]
    place = next((back for back in places if ranking and _has(sentences[back], ranking)), None)
    if place is not None:
        return place
    is_one = setting is not None and setting.reference.kind in ("person", "organisation")
    if is_one and refers_back(text, title, sentences, at - 1):
        return _context_place(text, title, sentences, at - 1, depth - 1) if depth else None
    is_usable = not is_one or _speaks_of_somebody(text, sentences, at - 1)
    return at - 1 if depth == _LONGEST_CHAIN and is_usable else None


def _speaks_of_somebody(text: str, sentences: Sequence[Span], at: int) -> bool:
    """Whether a sentence begins with what may be somebody ("The driver"), or has a name."""
    is_described = _DETERMINER.match(sentences[at].of(text)) is not None
    return is_described or bool(find_candidates(text, sentences[at : at + 2], 1))


def _reach(text: str, sentences: Sequence[Span], at: int) -> int:
    """Return where an antecedent may stand at the earliest: in the sentence before, where that
    begins the paragraph, and else in the one before it. Of 25 such sentences drawn from 326 of the
    training news whose likeliest antecedent stood in the paragraph before, none had it there."""
    before = sentences[at - 1].start
    if at < 2 or "\n" in text[before : sentences[at].start]:
        return 0
    return before if "\n" in text[sentences[at - 2].end : before] else 0


def _has(sentence: Span, ranking: Sequence[tuple[float, Candidate]]) -> bool:
    place = ranking[0][1].place
    return sentence.start <= place.start and place.end <= sentence.end


def _bracketed(
    item: Evidence, title: str, sentences: Sequence[Span], at: int, mode: Readability
) -> Evidence:
    """The evidence with its antecedent, where it is certain and begins the sentence."""
    if mode != "brackets":
        return item
    antecedent = find_antecedent(item.article.text, sentences, at, title)
    return replace(item, antecedent=antecedent)


def _context(evidence: Evidence, sentences: Sequence[Span], at: int, mode: Readability) -> Evidence:
    """Turn a sentence into evidence that is quoted so that the sentence after it can be
    understood."""
    span = sentences[at]
    context = replace(
        evidence, sentence=span, highlight=span, also_in=(), antecedent=None, is_context=True
    )
    return _bracketed(context, evidence.article.title, sentences, at, mode)
