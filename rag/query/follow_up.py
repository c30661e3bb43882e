"""Resolve follow-ups: which terms and turns of the conversation a question is searched with.

"And in 2025?" names nothing that could be searched for. Without a chat model a pronoun cannot be
resolved, but passages can be compared: which of them fit the question, and which fit it better
together with words of the conversation? So a follow-up is searched in several variants at once:
alone, after the question before it, after the first question of the conversation, and with the
names and terms that were used most. The scores are added. The fewer rare words the question has,
the more the other variants weigh.

A new topic carries nothing over: unless the question refers back explicitly ("it", "that fund",
"and ..."), a variant counts only if the question and the passages that it finds alone are near to
the turn to be carried over.

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
from index.text.patterns import lazy_regex
from rag.citing.markers import ABSTENTION
from rag.facts.names import names
from rag.query.small_talk import NEWS_HEADING, REPLIES, find_small_talk
from rag.question import Turn
from rag.retrieval.candidate import Candidate, QueryVariant
from rag.text.english import is_function_word

__all__ = [
    "TOPIC_PASSAGES",
    "CarryOver",
    "Interpretation",
    "Rewriter",
    "carried_terms",
    "carry_over",
    "concatenate_turns",
    "names_something",
    "refers_back",
    "standalone_question",
    "turn_text",
]

# Passages that the question finds alone, by which a new topic is known.
TOPIC_PASSAGES = 5
# What is carried weighs as much as this many rare words of the question. Chosen on half of the
# conversations of mtrag, where 1.0 to 1.4 measured alike (docs/evaluation.md).
_CARRIED_WORDS = 1.2
_MIN_WORDS = 0.3
_MAX_WEIGHT = 2.0
# From this weight on (two rare words or fewer) the terms are for the reader too; a question that
# says more and does not refer back is read as it stands.
_READER_WEIGHT = 0.6
# Cosine of question and turn plus that of the passages found and the turn: nine of ten questions
# of the same conversation lie above it, nine of ten of another one below.
_SAME_TOPIC = 0.42
_TERMS = 3
# A question of fewer words ("In Norway?") may be the rest of one.
_WHOLE_WORDS = 5
_CONFIRMING_PASSAGES = 3
# Terms are gathered from the latest turns and the beginning of each; a turn's weight falls with
# its age in exchanges, and what the user said counts more than what was answered.
_READ_TURNS = 12
_READ_CHARS = 2000
_CARRIED_CHARS = 500
_AGE_DECAY = 0.7
_ROLE_WEIGHT = {"user": 2.0, "assistant": 1.0}
# A turn is text that a client sends back, without the citations that know where their markers
# stand, so these are found by their look. A "[1]" of the article's own goes with them, which does
# no harm here: only names and words are carried over.
_MARKER = lazy_regex(r"\s*\[\d+\]")
_NAME_OR_WORD = lazy_regex(r"[A-Z][\w’'-]*(?: (?:[A-Z]|\d)[\w’'-]*)+|[^\W_][\w’'-]*")
_AND = lazy_regex(r"^\W*(?:and|so|but|or|then)\s+", re.IGNORECASE)
_PRONOUN = lazy_regex(
    r"\b(?:(?P<owner>its|his|their)|(?P<her>her(?=\s+[a-z]))|it|he|she|him|her|they|them)\b",
    re.IGNORECASE,
)
_OF_PERSON = lazy_regex(r"\b(?:he|she|him|his|her)\b", re.IGNORECASE)
# "This week" counts from today, "those who fled" says who, "one of the ships" is any of them.
_TIME_UNIT = (
    r"(?:week(?:end)?|month|year|quarter|season|century|decade|morning|afternoon|evening|spring|summer|"
    r"autumn|winter|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_REFERS_BACK = lazy_regex(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers"
    rf"|this(?!\s+{_TIME_UNIT}\b)|these(?!\s+days\b)"
    r"|those(?!\s+(?:who|whose|which|that|with|without|in|at|from|of|on|[a-z]+(?:ing|ed))\b)"
    r"|such(?!\s+(?:as|(?:a\s+)?thing\s+as)\b)"
    r"|(?:the|this|that|which|another|other|last|next|new|old)\s+ones?"
    r"(?!-|\s+(?:of|who|that|hundred|thousand|million|billion|percent)\b))\b"
    r"|(?:^|\b(?:is|does|did|was|do|of|to|about|in|on|for|with|why|how|from|by|after|before|like"
    r"|than) )that\b"
    # "Did the same happen in Norway?"; "are they the same?" asks of what it names.
    r"|\b(?:is|was|did|does|will) the same (?:true|happen|apply|go|hold)\b"
    r"|^\W*(?:and|so|but|or|then|the same|what about|how about|no(?!\s+(?!i\b)|\.\s*\d)|yes|i mean"
    r"|i meant)\b",
    re.IGNORECASE,
)
# Names that look like pronouns, but where all is in capitals.
_ACRONYM = lazy_regex(r"\b(?:IT|US|WHO)\b")


@dataclass(frozen=True, slots=True)
class Interpretation:
    """How a question was understood, where that differs from how it was asked.

    reading: the question for the reader.
    display: the question to show to people, if there is one that somebody would ask.
    """

    reading: str
    display: str | None


class Rewriter(Protocol):
    """Rewrites follow-ups as standalone questions."""

    def rewrite(self, question: str, history: Sequence[Turn]) -> str:
        """Rewrite a follow-up so that it can be understood without the conversation.

        An empty result means that this was not possible; then :func:`carry_over` resolves it.
        """
        ...


@dataclass(frozen=True, slots=True)
class CarryOver:
    """The terms and variants that a follow-up is searched with besides its own words.

    variants: further query variants.
    terms: the names and terms of the earlier turns that the reader needs, by weight.
    """

    variants: tuple[QueryVariant, ...] = ()
    terms: tuple[str, ...] = ()


def concatenate_turns(question: str, history: Sequence[Turn]) -> str:
    """Join the user's turns and the question into one line: the baseline."""
    return " ".join([*(turn.content for turn in history if turn.role == "user"), question])


def carry_over(
    view: View,
    encoder: QueryEncoder,
    question: str,
    history: Sequence[Turn],
    candidates: Sequence[Candidate],
) -> CarryOver:
    """Select what to carry over from the conversation into a question.

    view: the state of the library.
    encoder: the one that its passages were encoded with.
    question: the follow-up.
    history: the earlier turns, oldest first.
    candidates: what the question retrieves alone, best first.
    """
    turns = [(turn.role, text) for turn in history if (text := turn_text(turn))]
    user_texts = [text for role, text in turns if role == "user"]
    if not user_texts or not candidates:
        return CarryOver()
    answer_texts = [text for role, text in turns if role == "assistant"]
    topic = _Topic(view, encoder, question, candidates)
    has_reference = refers_back(question)
    first_matches = topic.holds(user_texts[0])
    previous_matches = topic.holds(user_texts[-1])
    if not (has_reference or previous_matches) and answer_texts:
        previous_matches = topic.holds(answer_texts[-1])
    if not (has_reference or previous_matches or first_matches):
        return CarryOver()
    if not has_reference and _is_self_contained(question):
        return CarryOver()
    terms = carried_terms(view, question, turns)
    texts = [" ".join([question, *terms])] if terms else []
    if has_reference or previous_matches:
        texts.append(f"{user_texts[-1]} {question}")
    if first_matches:
        texts.append(f"{user_texts[0]} {question}")
    total_weight = _weight(view, question)
    weight = total_weight / max(len(texts), 1)
    variants = tuple(QueryVariant(text, weight) for text in texts)
    if not has_reference and (total_weight < _READER_WEIGHT or names_something(question)):
        # It can be read alone: put behind it, words of the conversation would change its meaning.
        terms = ()
    return CarryOver(variants, terms)


def _is_self_contained(question: str) -> bool:
    """Whether a question can be understood alone: it names something and is a whole sentence."""
    return names_something(question) and len(question.split()) >= _WHOLE_WORDS


def refers_back(question: str) -> bool:
    """Whether the question refers to an earlier turn explicitly ("it", "that fund")."""
    text = question if question.isupper() else _ACRONYM.sub("-", question)
    return bool(_REFERS_BACK.search(text))


def names_something(question: str) -> bool:
    """Whether the question has a name in it; a single capitalised word at its beginning does not
    count."""
    is_acronym = not question.isupper() and _ACRONYM.search(question.strip(), 1)
    return bool(is_acronym) or any(not name.first for name in names(question))


def carried_terms(view: View, question: str, turns: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Select the names and rare words that the turns use most and last, and the question does not.

    view: gives the terms of a text and their idf.
    question: the follow-up.
    turns: role and text of the earlier turns, oldest first.

    Capitalised words that stand together are one name. Numbers are left out: they do not identify a
    topic.
    """
    analyzer, language = view.analyzer, view.language_of(question)
    question_terms = set(analyzer.terms(question, language))
    weights: dict[tuple[str, ...], float] = {}
    forms: dict[tuple[str, ...], str] = {}
    for age, (role, text) in enumerate(reversed(turns[-_READ_TURNS:])):
        phrases = [_without_opening(match.group()) for match in _NAME_OR_WORD.finditer(text)]
        content = [name for name in phrases if name]
        share = _ROLE_WEIGHT[role] * _AGE_DECAY ** (age // 2) / math.sqrt(max(len(content), 1))
        for name in content:
            stems = tuple(analyzer.terms(name, language))
            if stems and not name[0].isdigit() and not question_terms.issuperset(stems):
                forms.setdefault(stems, name)
                weights[stems] = weights.get(stems, 0.0) + share
    idf = {term: analyzer.idf(term) for stems in weights for term in stems}
    order = sorted(weights, key=lambda stems: -weights[stems] * max(idf[term] for term in stems))
    selection: list[tuple[str, ...]] = []
    stems_used: set[str] = set()
    for stems in order:
        # "Shen" beside "Dou Shen" says nothing new.
        if len(selection) < _TERMS and stems_used.isdisjoint(stems):
            selection.append(stems)
            stems_used.update(stems)
    return tuple(forms[stems] for stems in selection)


def standalone_question(
    view: View, question: str, terms: Sequence[str], candidates: Sequence[Candidate]
) -> Interpretation | None:
    """Append the carried terms to a question; ``None`` where none is kept.

    People are shown the question with a name in place of its pronoun, where that gives a natural
    question.

    view: gives the terms of a text.
    question: the follow-up.
    terms: what was carried over.
    candidates: what was retrieved with them, best first; a term is kept if the first of these have
        it.
    """
    analyzer, language = view.analyzer, view.language_of(question)
    passage_terms: set[str] = set()
    for candidate in candidates[:_CONFIRMING_PASSAGES]:
        text = f"{candidate.hit.article.title} {candidate.text}"
        passage_terms.update(analyzer.terms(text, language))
    kept_terms = [t for t in terms if passage_terms.issuperset(analyzer.terms(t, language))]
    if not kept_terms:
        return None
    return Interpretation(f"{question} ({', '.join(kept_terms)})", _with_name(question, kept_terms))


def _with_name(question: str, terms: Sequence[str]) -> str | None:
    """Replace the pronouns of the question by the first name of the terms; ``None`` without a name
    or a pronoun, for "he" or "she" with a single word, which may name a ship or an office, and
    where two are meant: "How much of it has he paid?"."""
    name = next((term for term in terms if term[0].isupper()), None)
    opening = _AND.sub("", question)
    if name is None or not _PRONOUN.search(opening):
        return None
    # "He", "it" and "them" begin with another letter each.
    referents = {
        _OF_PERSON.sub("h", match.group())[0].lower() for match in _PRONOUN.finditer(opening)
    }
    if len(referents) > 1 or (" " not in name and "h" in referents):
        return None

    def replacement(match: re.Match[str]) -> str:
        is_owner = match["owner"] or match["her"]
        ending = "’" if name.endswith("s") else "’s"
        return f"{name}{ending}" if is_owner else name

    display = _PRONOUN.sub(replacement, opening)
    return display[0].upper() + display[1:]


def _without_opening(name: str) -> str:
    """Remove function words from the beginning of a name, capitalised because a sentence begins
    there ("Is ByteDance"); empty for a function word alone."""
    words = name.split(" ")
    while words and is_function_word(words[0]):
        del words[0]
    return " ".join(words)


def turn_text(turn: Turn) -> str:
    """Return the words of a turn without citation markers; empty for an abstention or small
    talk."""
    text = " ".join(_MARKER.sub("", turn.content[:_READ_CHARS]).split())
    if turn.role == "user" and find_small_talk(text):
        return ""
    if turn.role == "assistant" and (
        text in (*ABSTENTION.values(), *REPLIES.values()) or text.startswith(NEWS_HEADING)
    ):
        return ""
    return text if turn.role == "assistant" else text[:_CARRIED_CHARS]


def _weight(view: View, question: str) -> float:
    """Compute the weight of all that is carried over, beside the question's 1.

    The fewer rare words the question has, the larger. Measured in units of the idf of a word that
    no passage has, so that it means the same in a library of any size.
    """
    total = len(view)
    rarest = math.log1p((total + 0.5) / 0.5)
    terms = set(view.analyzer.terms(question, view.language_of(question)))
    words = sum(map(view.analyzer.idf, terms)) / rarest
    return min(_MAX_WEIGHT, _CARRIED_WORDS / max(words, _MIN_WORDS))


class _Topic:
    """The topic of a question: its own vector, and those of the passages that it finds alone."""

    def __init__(
        self, view: View, encoder: QueryEncoder, question: str, candidates: Sequence[Candidate]
    ) -> None:
        self._view = view
        self._encoder = encoder
        self._question = encoder.encode_query(question)
        self._keys = np.array(
            [candidate.hit.passage.key for candidate in candidates[:TOPIC_PASSAGES]], np.int64
        )
        self._matches: dict[str, bool] = {}

    def holds(self, text: str) -> bool:
        """Whether an earlier turn is about the same topic."""
        if text not in self._matches:
            vector = self._encoder.encode_query(text[:_CARRIED_CHARS])
            passages = float(self._view.cosines(vector, self._keys).mean())
            self._matches[text] = float(self._question @ vector) + passages > _SAME_TOPIC
        return self._matches[text]
