"""Make sentences readable alone that begin with "It", "She", "The company", "Neither".

Where the antecedent of such a word is certain, it stands in brackets in place of the word, in the
article's own words and with its place there; otherwise the sentence before is quoted as well. A
wrong name would be a false quotation, so few cases count as certain:

- "he" and "she": the one person who is named in the two sentences before, and with whom a
  sentence begins or who speaks in it;
- "it" and "the company": the name with which the sentence before begins, if the question asks
  for it by this name, or if "its" in that sentence refers to it and it is used as no person is.

English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from index.article import Span
from index.snapshot import View
from rag.evidence import Antecedent, Evidence
from rag.facts.attribution import speakers
from rag.facts.names import Name, names
from rag.facts.places import places_of
from rag.reading.statements import is_statement
from rag.text.article_sentences import article_sentences
from rag.text.references import PERSON_PRONOUNS, is_generic

__all__ = ["find_antecedent", "readable_alone"]

_OPENING: Final = re.compile(
    r"(?:it|its|he|she|his|her|they|their|neither|both|these|those|such|this|that|"
    r"the [a-z]+(?:-[a-z]+)?)\b(?![’'])",
    re.IGNORECASE,
)
_ALWAYS: Final = re.compile(
    r"it|its|he|she|his|her|they|their|neither|both|these|those|such", re.IGNORECASE
)
# "It is likely that": such an "it" means nothing; "this week" and "those who" stand alone.
_STANDS_ALONE: Final = re.compile(
    r"it (?:is|was|will be|has been|remains|became|seems|appears) (?:\w+ )?"
    r"(?:\w+ that|\w+(?<!ed) (?:to|whether|how|when|if))\b"
    r"|it (?:rained|snowed|takes|took)\b|(?:those|these) (?:who|days|of)\b"
    r"|both (?-i:[A-Z])|such [a-z]+ as\b|(?:neither|both)\b.*\b(?:nor|and)\b|that is why\b",
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    r"(?:this|that) (?:is|was|will|would|has|had|means|meant|makes|made|comes|came)\b",
    re.IGNORECASE,
)
_POSSESSIVES: Final = frozenset(("its", "his", "her"))
_SENTENCES_BACK: Final = 2
_PREPOSITION: Final = re.compile(
    r"\b(?:in|at|on|of|from|for|near|by|to|with|about|over)\s+(?:the\s+)?$", re.IGNORECASE
)
_OWNER: Final = re.compile(r"['’]s?$")
_CENTRE: Final = re.compile(r"\bits\b")
# Written as no person is: ByteDance, VDW, 3M, Birk & Sohn.
_NO_PERSON: Final = re.compile(
    r"[a-z][A-Z]|^[A-Z]{2,}$|\d|&|\b(?:Inc|Ltd|AG|Group|Bank|University)\b"
)


def readable_alone(view: View, question: str, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Give sentences that refer back their antecedent, or else the sentence before as context.

    view: the state of the library.
    question: the one that they answer; names in it help to resolve references.
    evidence: best first; the result has the same order, with all context at its end.
    """
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
            at, text = sentences.index(item.sentence), item.article.text
            word = _reference(item.sentence.of(text))
            before = sentences[at - 1] if at else None
            if not word or before is None or before in spans or not is_statement(text, before):
                continue
            antecedent = find_antecedent(text, sentences, at, question)
            if antecedent:
                replacements[article_id, item.sentence] = replace(item, antecedent=antecedent)
            else:
                spans.add(before)
                context.append(_context(item, text, sentences, at - 1, question))
    result = [replacements.get((item.article.id, item.sentence), item) for item in evidence]
    return (*result, *context)


def find_antecedent(
    text: str, sentences: Sequence[Span], at: int, question: str
) -> Antecedent | None:
    """Find the antecedent of the word that begins a sentence; ``None`` where it is uncertain.

    text: the article's.
    sentences: those of the article, in order.
    at: the index of the sentence.
    question: the one that it answers.
    """
    span = sentences[at]
    word = _reference(span.of(text))
    kind = word.lower()
    if kind in PERSON_PRONOUNS or kind in ("his", "her"):
        name = _person(text, sentences, at)
    elif kind in ("it", "its") or is_generic(word):
        name = _thing(text, sentences, at, question)
    else:
        name = None
    if name is None:
        return None
    stretch = Span(span.start, span.start + len(word))
    return Antecedent(word=stretch, name=name, is_possessive=kind in _POSSESSIVES)


def _context(
    evidence: Evidence, text: str, sentences: Sequence[Span], at: int, question: str
) -> Evidence:
    """Turn a sentence into evidence that is quoted so that the sentence after it can be
    understood."""
    span = sentences[at]
    antecedent = find_antecedent(text, sentences, at, question) if at else None
    return replace(
        evidence,
        sentence=span,
        highlight=span,
        also_in=(),
        antecedent=antecedent,
        is_context=True,
    )


def _reference(sentence: str) -> str:
    """Return the words that begin a sentence and refer back; empty where there are none."""
    match = _OPENING.match(sentence)
    if not match or _STANDS_ALONE.match(sentence):
        return ""
    word = match.group()
    refers = bool(_ALWAYS.fullmatch(word)) or is_generic(word)
    if refers or _BARE.match(sentence):
        return word if refers else word.partition(" ")[0]
    return ""


def _names_of(text: str, span: Span) -> Iterator[tuple[Name, Span]]:
    """Yield the names of a sentence, and their places in the article."""
    for name in names(f"- {span.of(text)}"):
        yield name, Span(span.start + name.start - 2, span.start + name.end - 2)


def _person(text: str, sentences: Sequence[Span], at: int) -> Span | None:
    for back in range(at - 1, max(at - 1 - _SENTENCES_BACK, -1), -1):
        before = sentences[back]
        people = [(name, place) for name, place in _names_of(text, before) if _may_be(name, text)]
        if len({name.words[-1] for name, _ in people}) > 1:
            return None
        if people:
            _, place = people[0]
            mention_text = place.of(text)
            is_speaker = any(mention_text in phrase for phrase in speakers(before.of(text)))
            is_subject = place.start == before.start
            return place if is_speaker or is_subject else None
    return None


def _may_be(name: Name, text: str) -> bool:
    """Whether a name may be a person's: two or three words, or the last word of such a name."""
    if places_of(" ".join(name.words)):
        return False
    if len(name.words) in (2, 3):
        return True
    return any(
        len(whole.words) in (2, 3) and whole.words[-1] == name.words[-1] for whole in names(text)
    )


def _thing(text: str, sentences: Sequence[Span], at: int, question: str) -> Span | None:
    before = sentences[at - 1]
    opening = _reference(before.of(text))
    if at > 1 and (opening.lower() in ("it", "its") or is_generic(opening)):
        # The sentence before goes on about the same.
        before = sentences[at - 2]
    first = next(_names_of(text, before), None)
    if first is None or first[1].start != before.start:
        return None
    name, place = first
    mention_text, rest = place.of(text), text[place.end : before.end]
    if (
        rest.startswith(",")
        or _OWNER.search(mention_text)
        or re.match(r"\s+(?:and|or|of|&)\b", rest)
    ):
        return None
    is_centre = bool(_CENTRE.search(rest)) and bool(_NO_PERSON.search(mention_text))
    return place if is_centre or _asks_for(question, name) else None


def _asks_for(question: str, name: Name) -> bool:
    """Whether a question asks about this name, and does not use it as a place or an owner of
    something else."""
    mentions = [mention for mention in names(f"- {question}") if mention.words[0] != "what"]
    if len(mentions) != 1 or mentions[0].words != name.words:
        return False
    (mention,) = mentions
    text = f"- {question}"
    is_owner = _OWNER.search(text[: mention.end])
    return not is_owner and not _PREPOSITION.search(text[: mention.start])
