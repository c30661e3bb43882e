"""The features of a candidate for the antecedent of a word, from which its probability is computed.

The question is not among them: what an article means by "it" does not depend on what is asked, and
an answer must not confirm the name in its question.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from index.article import Span
from index.text.patterns import lazy_regex
from rag.citing.backreferences import Backreference, Kind
from rag.citing.candidates import Candidate
from rag.facts.places import places_of
from rag.facts.saying import speakers

__all__ = ["FEATURES", "Setting", "candidate_features", "is_compatible"]

FEATURES: Final = (
    "subject",
    "opening",
    "nearest",
    "phrase",
    "single",
    "single_in_sentence",
    "rivals",
    "other_subject",
    "subject_of_both",
    "in_title",
    "repeated",
    "speaker",
    "person",
    "organisation",
    "owner",
    "inside",
    "article",
    "new_objects",
    "passive",
    "agentive",
    "agentive_phrase",
    "agentive_organisation",
    "chained",
    "gender_fits",
    "gender_clash",
    "same_paragraph",
    "tail",
)
# "A new bridge": something that the sentence tells of for the first time.
_NEW_OBJECT: Final = lazy_regex(
    r"\b(?:an?|its|his|her|their|the|another|two|three|\d[\d,.]*) (?:[a-z-]+ ){0,2}?[a-z-]+\b"
)
# What organisations and people do, and things do not.
_AGENTIVE: Final = lazy_regex(
    r"\s+(?:(?:also|now|still|then|only|already|later|will|would|has|had|have|is|was)\s+){0,2}"
    r"(?:to\s+|not\s+)?(?:said|says?|told|employs?|employed|plans?|planned|wants?|wanted|hopes?|"
    r"hoped|expects?|expected|agrees?|agreed|refuses?|refused|denies|denied|buys?|bought|hires?|"
    r"hired|reports?|reported|blames?|blamed|appeals?|appealed|promises?|promised|offers?|offered|"
    r"asks?|asked|decides?|decided|warns?|warned|announces?|announced|needs?|needed|knew|knows|"
    r"treats?|opens? \d+|pays?|paid|invests?|invested|spends?|spent|loses|lost|earns?|earned|"
    r"believes?|believed|thinks?|thought|tells?|calls?|called|owes?|owed|owns?|owned|owning|sells?|sold|"
    r"builds|built \w+ \w+s|raises?|raised|cuts?|sue[sd]?|advises?|leaves?|makes|made|launche[sd]|"
    r"ha[sd] (?:\d[\d,.]*|no|a|its|about|nine|six|three) \w+)\b",
    re.IGNORECASE,
)
_PASSIVE: Final = lazy_regex(r"\s+(?:was|were|is|are|has been|had been|will be)\s+\w+(?:ed|en|t)\b")
_WOMAN: Final = lazy_regex(
    r"\b(?:she|her|herself|hers|woman|mother|wife|sister|daughter|actress|"
    r"chairwoman|spokeswoman|princess|queen|mrs|ms)\b",
    re.IGNORECASE,
)
_MAN: Final = lazy_regex(
    r"\b(?:he|his|him|himself|man|father|husband|brother|son|chairman|"
    r"spokesman|prince|king|mr)\b",
    re.IGNORECASE,
)
_MOST: Final = 3.0
# From here on a name is more probably a person's than that of an organisation.
_PERSON: Final = 0.5


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a word that refers back stands: the article's text and title, its sentences, the index
    of the sentence with the word, and the words that the sentence before is known to be about
    without naming them."""

    text: str
    title: str
    sentences: Sequence[Span]
    at: int
    reference: Backreference
    topic: Span | None = None

    @property
    def rest(self) -> str:
        """What stands behind the word in its sentence."""
        return self.sentences[self.at].of(self.text)[self.reference.end :]


def is_compatible(candidate: Candidate, kind: Kind) -> bool:
    """Whether a candidate may be meant by a word of this kind at all."""
    if candidate.is_owner or (candidate.is_modifier and kind != "person"):
        return False
    if kind == "several":
        return candidate.is_several
    if candidate.is_several:
        return False
    if kind == "person":
        return candidate.is_person >= 0.2
    is_place = bool(places_of(" ".join(candidate.words)))
    if kind == "organisation":
        return candidate.is_person < _PERSON and not candidate.is_phrase and not is_place
    return candidate.is_person < 1.0


def candidate_features(
    setting: Setting, candidate: Candidate, candidates: Sequence[Candidate]
) -> dict[str, float]:
    """Compute the values of ``FEATURES``.

    candidates: all compatible ones, this one among them.
    """
    text, kind, rest = setting.text, setting.reference.kind, setting.rest
    sentence = candidate.sentence.of(text)
    behind = text[max(candidate.place.end, candidate.sentence.start) : candidate.sentence.end]
    organisation = kind in ("thing", "organisation") and candidate.is_person == 0.0
    agentive = bool(_AGENTIVE.match(rest)) and kind == "thing"
    gender = _gender_signs(setting, candidate, behind)
    values = {
        "subject": candidate.is_subject,
        "opening": candidate.is_opening,
        "nearest": candidate.distance == 1,
        "phrase": candidate.is_phrase,
        **_rival_features(candidate, candidates),
        "in_title": candidate.words[-1] in setting.title.lower(),
        "repeated": math.log1p(
            text[: setting.sentences[setting.at].start].count(candidate.place.of(text)) - 1
            if candidate.place.of(text)
            else 0
        ),
        "speaker": any(candidate.place.of(text) in phrase for phrase in speakers(sentence)),
        "person": candidate.is_person if kind == "person" else -candidate.is_person,
        "organisation": organisation,
        "owner": behind.startswith((",", " and ", " or ")),
        "inside": candidate.is_inside,
        "article": candidate.has_article,
        "new_objects": min(len(_NEW_OBJECT.findall(behind)), _MOST) / _MOST,
        "passive": bool(_PASSIVE.match(rest)),
        "agentive": agentive,
        "agentive_phrase": agentive and candidate.is_phrase,
        "agentive_organisation": agentive and not candidate.is_phrase and candidate.is_subject,
        "chained": setting.topic is not None and _has_words(candidate, setting.topic.of(text)),
        "gender_fits": gender > 0,
        "gender_clash": gender < 0,
        "same_paragraph": "\n"
        not in text[candidate.place.end : setting.sentences[setting.at].start],
        "tail": len(behind.split()) <= 1,
    }
    return {name: float(value) for name, value in values.items()}


def _rival_features(candidate: Candidate, candidates: Sequence[Candidate]) -> dict[str, float]:
    """Compare a candidate with the others: how many there are, how near, and which are subjects."""
    rivals = [rival for rival in candidates if not _is_same(rival, candidate)]
    subjects = [rival for rival in rivals if rival.distance == 1 and rival.is_subject]
    mentions = [item for item in candidates if _is_same(item, candidate)]
    return {
        "single": not rivals,
        "single_in_sentence": not any(rival.distance == candidate.distance for rival in rivals),
        "rivals": min(len({rival.words for rival in rivals}), _MOST) / _MOST,
        "other_subject": bool(subjects) and not candidate.is_subject,
        "subject_of_both": sum(item.is_subject for item in mentions) > 1,
    }


def _is_same(first: Candidate, second: Candidate) -> bool:
    """Whether two candidates are mentions of one thing, as far as their words tell."""
    if first.is_several != second.is_several:
        return False
    if first.is_phrase or second.is_phrase:
        return first.words == second.words
    first_words, second_words = set(first.words), set(second.words)
    return first_words <= second_words or second_words <= first_words


def _has_words(candidate: Candidate, mention: str) -> bool:
    return set(mention.lower().split()) <= set(candidate.words) or set(candidate.words) <= set(
        mention.lower().split()
    )


def _gender_signs(setting: Setting, candidate: Candidate, behind: str) -> int:
    """Return 1 where words beside a candidate are of the gender of the reference, -1 where they are
    of the other, 0 where there are none or both."""
    word = setting.reference.word.lower()
    if setting.reference.kind != "person":
        return 0
    same_gender, opposite_gender = (_WOMAN, _MAN) if word in ("she", "her") else (_MAN, _WOMAN)
    before = setting.text[candidate.sentence.start : candidate.place.start]
    nearby = f"{before} {behind}"
    return bool(same_gender.search(nearby)) - bool(opposite_gender.search(nearby))
