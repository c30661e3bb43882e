"""Follow-ups: what an earlier turn has to be carried over for a question to be understood.

"And in 2025?" names nothing that could be searched for. Without a chat model there is no telling
what "it" is, but there is something to ask instead: which passages fit the question, and which of
them fit it better still with the words of the conversation beside it? So a follow-up is searched
in several wordings at once: alone, after the question before it, after the question that began
the conversation, and with the names and terms that were said most. The scores are added. A
question that says little by itself leaves much to the others, one that says much leaves little.

A new topic carries nothing: unless the question refers back in so many words ("it", "that fund",
"and ..."), a wording counts only if the question and the passages that it finds alone are near to
the turn that would be carried.

A chat model can write the standalone question instead (:class:`Rewriter`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from index.encode.base import QueryEncoder
from index.snapshot import View
from rag.citing.markers import ABSTENTION
from rag.question import Turn
from rag.retrieval.hybrid import Retrieved, Wording
from rag.text.english import is_function_word

__all__ = ["NEAREST", "Carried", "Rewriter", "carry", "concatenated", "standalone", "words_of"]

# Passages that the question finds alone, by which a new topic is known.
NEAREST = 5
# What is carried weighs as much as this many rare words of the question. Chosen on half of the
# conversations of mtrag, where 1.0 to 1.4 measured alike (docs/evaluation.md).
_CARRIED_WORDS = 1.2
_LEAST_WORDS = 0.3
_MOST_WEIGHT = 2.0
# From this weight on (two rare words or fewer) the terms are for the reader too; a question that
# says more and does not refer back is read as it stands.
_SAYS_LITTLE = 0.6
# Cosine of question and turn plus that of the passages found and the turn: nine of ten questions
# of the same conversation lie above it, nine of ten of another one below.
_SAME_TOPIC = 0.42
_TERMS = 3
_CONFIRMING = 3
# Terms are gathered from the latest turns and the beginning of each; a turn's weight falls with
# its age in exchanges, and what the user said counts more than what was answered.
_READ_TURNS = 12
_READ_CHARS = 2000
_CARRIED_CHARS = 500
_FADING = 0.7
_ROLE_WEIGHT = {"user": 2.0, "assistant": 1.0}
_MARK = re.compile(r"\s*\[\d+\]")
_NAME_OR_WORD = re.compile(r"[A-Z][\w’'-]*(?: (?:[A-Z]|\d)[\w’'-]*)+|[^\W_][\w’'-]*")
_REFERS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|these|those|such|same|ones?)\b"
    r"|(?:^|\b(?:is|does|did|was|do|of|to|about|in|on|for|with|why|how|from|by|after|before|like"
    r"|than) )that\b"
    r"|^\W*(?:and|so|but|or|then|what about|how about|no|yes|i mean|i meant)\b",
    re.IGNORECASE,
)


class Rewriter(Protocol):
    """Says a follow-up so that it can be understood without the conversation.

    An empty result means that it could not; then Pullquote goes by the scores.
    """

    def rewrite(self, question: str, history: Sequence[Turn]) -> str: ...


@dataclass(frozen=True, slots=True)
class Carried:
    """What a follow-up is searched with beside its own words: further wordings, and the names and
    terms of the earlier turns that the reader needs, weightiest first."""

    wordings: tuple[Wording, ...] = ()
    terms: tuple[str, ...] = ()


def concatenated(question: str, history: Sequence[Turn]) -> str:
    """The user's turns in one line: the baseline that is to be beaten."""
    return " ".join([*(turn.content for turn in history if turn.role == "user"), question])


def carry(
    view: View,
    encoder: QueryEncoder,
    question: str,
    history: Sequence[Turn],
    found: Sequence[Retrieved],
) -> Carried:
    """What to carry over from ``history`` into ``question``.

    ``found`` is what the question finds alone, best first.
    """
    said = [(turn.role, text) for turn in history if (text := words_of(turn))]
    asked = [text for role, text in said if role == "user"]
    if not asked or not found:
        return Carried()
    answered = [text for role, text in said if role == "assistant"]
    topic = _Topic(view, encoder, question, found)
    back = refers_back(question)
    before, first = topic.holds(asked[-1]), topic.holds(asked[0])
    if not (back or before or first or (answered and topic.holds(answered[-1]))):
        return Carried()
    terms = carried_terms(view, question, said)
    chosen = [" ".join([question, *terms])] if terms else []
    if back or before or (answered and topic.holds(answered[-1])):
        chosen.append(f"{asked[-1]} {question}")
    if first:
        chosen.append(f"{asked[0]} {question}")
    whole = _weight(view, question)
    weight = whole / max(len(chosen), 1)
    wordings = tuple(Wording(text, weight) for text in chosen)
    return Carried(wordings, terms if back or whole >= _SAYS_LITTLE else ())


def refers_back(question: str) -> bool:
    """Whether the question says in so many words that something was said before it."""
    return bool(_REFERS_BACK.search(question))


def carried_terms(view: View, question: str, said: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The names and rare words that were said most and last, and not in the question.

    ``said`` holds role and text of the earlier turns. Capitalised words that stand together are
    one name.
    """
    analyzer, language = view.analyzer, view.language_of(question)
    known = set(analyzer.terms(question, language))
    weights: dict[tuple[str, ...], float] = {}
    forms: dict[tuple[str, ...], str] = {}
    for age, (role, text) in enumerate(reversed(said[-_READ_TURNS:])):
        named = [_without_opening(match.group()) for match in _NAME_OR_WORD.finditer(text)]
        content = [name for name in named if name]
        share = _ROLE_WEIGHT[role] * _FADING ** (age // 2) / math.sqrt(max(len(content), 1))
        for name in content:
            stems = tuple(analyzer.terms(name, language))
            if stems and not known.issuperset(stems):
                forms.setdefault(stems, name)
                weights[stems] = weights.get(stems, 0.0) + share
    idf = {term: analyzer.idf(term) for stems in weights for term in stems}
    order = sorted(weights, key=lambda stems: -weights[stems] * max(idf[term] for term in stems))
    chosen: list[tuple[str, ...]] = []
    for stems in order:
        # "Shen" beside "Dou Shen" says nothing new.
        if len(chosen) < _TERMS and not any(set(stems) & set(other) for other in chosen):
            chosen.append(stems)
    return tuple(forms[stems] for stems in chosen)


def standalone(
    view: View, question: str, terms: Sequence[str], found: Sequence[Retrieved]
) -> str | None:
    """The question with what was carried into it, or ``None`` where nothing was.

    Of the terms those are kept that the first passages found with them hold.
    """
    there: set[str] = set()
    analyzer, language = view.analyzer, view.language_of(question)
    for each in found[:_CONFIRMING]:
        article, passage = each.found.article, each.found.passage
        text = f"{article.title} {passage.span.of(article.text)}"
        there.update(analyzer.terms(text, language))
    kept = [term for term in terms if there.issuperset(analyzer.terms(term, language))]
    return f"{question} ({', '.join(kept)})" if kept else None


def _without_opening(name: str) -> str:
    """A name without the words of grammar before it, capitalised because a sentence begins there
    ("Is ByteDance"); nothing is left of a word that is one."""
    words = name.split(" ")
    while words and is_function_word(words[0]):
        del words[0]
    return " ".join(words)


def words_of(turn: Turn) -> str:
    """The words of a turn without citation marks; nothing for an abstention."""
    text = " ".join(_MARK.sub("", turn.content[:_READ_CHARS]).split())
    if turn.role == "assistant" and text in ABSTENTION.values():
        return ""
    return text if turn.role == "assistant" else text[:_CARRIED_CHARS]


def _weight(view: View, question: str) -> float:
    """What all that is carried weighs beside the question: the more, the fewer rare words the
    question has. Measured in words that no passage holds, so that it means the same in a library
    of any size."""
    total = len(view)
    rarest = math.log1p((total + 0.5) / 0.5)
    terms = set(view.analyzer.terms(question, view.language_of(question)))
    words = sum(map(view.analyzer.idf, terms)) / rarest
    return min(_MOST_WEIGHT, _CARRIED_WORDS / max(words, _LEAST_WORDS))


class _Topic:
    """What a question is about: itself, and the passages that it finds alone."""

    def __init__(
        self, view: View, encoder: QueryEncoder, question: str, found: Sequence[Retrieved]
    ) -> None:
        self._view = view
        self._encoder = encoder
        self._question = encoder.encode_query(question)
        self._keys = np.array([each.found.passage.key for each in found[:NEAREST]], np.int64)
        self._known: dict[str, bool] = {}

    def holds(self, text: str) -> bool:
        """Whether an earlier turn is about the same."""
        if text not in self._known:
            vector = self._encoder.encode_query(text[:_CARRIED_CHARS])
            passages = float(self._view.cosines(vector, self._keys).mean())
            self._known[text] = float(self._question @ vector) + passages > _SAME_TOPIC
        return self._known[text]
