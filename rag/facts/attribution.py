"""Attribution: find who says what a sentence of an article states.

Without a model: by the subject of a verb of saying ("Lindholm said", "said the mayor, Carla Weir",
"according to the union"), for a pronoun by who speaks or is named before it, and for a sentence
inside a quotation by the attribution beside it. A sentence without an attribution is the article's
own, and what somebody "would not say" is not said. English only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from index.article import Span
from rag.facts.names import KnownWords, Name, names
from rag.text.english import is_function_word, stem, words
from rag.text.references import is_generic

__all__ = ["is_said_by", "is_voiced", "speakers"]

_VERB_LIST: Final = (
    "said says told tells added adds warned warns argued argues claimed claims called calls "
    "described describes insisted insists explained explains stated states announced announces "
    "denied denies confirmed confirms admitted admits wrote writes declared declares replied "
    "replies commented comments noted notes promised promises predicted predicts urged urges "
    "demanded demands criticised criticises criticized criticizes praised praises welcomed "
    "welcomes rejected rejects thinks thought believes believed hopes hoped fears feared expects "
    "expected wants wanted suggested suggests acknowledged acknowledges conceded concedes "
    "complained complains recalled recalls joked remarked remarks testified pledged pledges vowed "
    "dismissed dismisses accused accuses defended defends condemned condemns stressed stresses "
    "emphasised emphasized maintained maintains reckons reckoned posted tweeted"
)
_VERB: Final = re.compile(rf"\b(?:{_VERB_LIST.replace(' ', '|')})\b")
_ACCORDING: Final = re.compile(r"\baccording to ([^,.;:]+)", re.IGNORECASE)
_QUOTE_MARKS: Final = '"“”„«»'
_QUOTATION: Final = re.compile(f"([{_QUOTE_MARKS}])([^{_QUOTE_MARKS}]*)([{_QUOTE_MARKS}])")
# Verbs that stand before their subject without a quotation before them.
_INVERTIBLE: Final = frozenset(("said", "says"))
# "More than expected" has no subject.
_NO_SUBJECT_ENDS: Final = frozenset(("than", "as", "not", "be"))
# Where the words of a clause begin, looking back from its verb.
_CLAUSE_START: Final = re.compile(
    r".*(?:[\"“”„«»;:()–—]|\b(?:that|which|who|whom|because|after|when|while|but|if|where|what|since|"
    r"though|although)\b)\s*",
    re.IGNORECASE | re.DOTALL,
)
_PASSIVE: Final = re.compile(r"\b(?:was|were|is|are|been|being|be|get|got|as)\s*$", re.IGNORECASE)
_AUXILIARIES: Final = re.compile(
    r"(?:\s*\b(?:has|have|had|also|later|then|again|once|now|still|only|will|would|earlier|"
    r"[a-z]+ly)\b)+\s*$"
)
_LONGEST_SUBJECT: Final = 9
_LONGEST_APPOSITION: Final = 18
_BEFORE_PREPOSITION: Final = re.compile(
    r"\s+(?:of|for|at|from|in|with|to|on|who|which|and)\b.*", re.DOTALL
)
_PRONOUNS: Final = frozenset(("he", "she", "they", "it", "i", "we", "who"))
# Words that may stand between a role and its name: "the mayor of Weiden, Jon Amsel".
_APPOSITION_WORDS: Final = 4
_SENTENCES_BACK: Final = 3


def speakers(sentence: str) -> list[str]:
    """Return the words that name who speaks in a sentence, one entry for each attribution, in
    order; pronouns stay as they are."""
    # What is said inside a quotation says nothing of who speaks.
    clauses = _QUOTATION.sub(lambda match: match[1] + "_" * len(match[2]) + match[3], sentence)
    phrases = [match.group(1).strip() for match in _ACCORDING.finditer(clauses)]
    for verb in _VERB.finditer(clauses):
        phrase = _after(clauses, verb) or _before(clauses, verb)
        if phrase and phrase.rpartition(" ")[2] not in _NO_SUBJECT_ENDS:
            phrases.append(phrase)
    return phrases


def is_voiced(text: str, sentences: Sequence[Span], at: int) -> bool:
    """Whether the sentence ``sentences[at]`` of an article's ``text`` is attributed to anybody."""
    return bool(_voices(text, sentences, at))


def is_said_by(speaker: str, text: str, sentences: Sequence[Span], at: int) -> bool:
    """Whether a sentence of an article is attributed to ``speaker``.

    speaker: as the question names them: a name, or a role ("the mayor of Weiden").
    text: the article's.
    sentences: those of the article, in order.
    at: the index of the sentence.
    """
    return any(_is_same(speaker, phrase, text) for phrase in _voices(text, sentences, at))


def _voices(text: str, sentences: Sequence[Span], at: int) -> list[str]:
    """Return who says a sentence: by its own attributions, or inside a quotation by those of the
    sentence beside it."""
    span = sentences[at]
    if phrases := _speakers_behind(text, sentences, at):
        return phrases
    if not _is_quotation(text, span):
        return []
    for beside in (at + 1, at - 1):
        is_beside = 0 <= beside < len(sentences) and _same_paragraph(text, span, sentences[beside])
        if is_beside and (phrases := _speakers_behind(text, sentences, beside)):
            return phrases
    return []


def _speakers_behind(text: str, sentences: Sequence[Span], at: int) -> list[str]:
    """Return the attributions of a sentence, with pronouns and the like resolved."""
    sentence = sentences[at].of(text)
    phrases = speakers(sentence)
    plain = [phrase for phrase in phrases if phrase.lower() not in _PRONOUNS]
    if any(map(is_generic, plain)) and (inside := names(f"- {sentence}")):
        # "Sunfield will build a plant, the company said."
        plain.append(f"- {sentence}"[inside[0].start : inside[0].end])
    return plain if len(plain) >= len(phrases) else plain + _antecedents(text, sentences, at)


def _antecedents(text: str, sentences: Sequence[Span], at: int) -> list[str]:
    """Return who speaks, or is named first, in the nearest sentence before that has such a name."""
    for back in range(at - 1, max(at - 1 - _SENTENCES_BACK, -1), -1):
        before = sentences[back].of(text)
        phrases = [phrase for phrase in speakers(before) if phrase.lower() not in _PRONOUNS]
        if phrases:
            return phrases[-1:]
        if people := names(f"- {before}"):
            # Whoever is named first in a sentence is mostly whom it is about.
            return [f"- {before}"[people[0].start : people[0].end]]
    return []


def _after(sentence: str, verb: re.Match[str]) -> str:
    """Return the subject after its verb: '..., said the mayor, Carla Weir'."""
    before = sentence[: verb.start()].rstrip()
    is_quoted = bool(re.search(f"[{_QUOTE_MARKS}],?$", before))
    if not is_quoted and not (before.endswith(",") and verb.group() in _INVERTIBLE):
        return ""
    rest = re.split(rf"[.;:{_QUOTE_MARKS}]", sentence[verb.end() :], maxsplit=1)[0].strip(" ,")
    subject = " ".join(rest.split()[:_LONGEST_SUBJECT])
    first = subject.partition(" ")[0]
    return subject if first[:1].isupper() or first in ("the", "a", "an", "its", "their") else ""


def _before(sentence: str, verb: re.Match[str]) -> str:
    """Return the subject before its verb, with an apposition to it."""
    prefix = sentence[: verb.start()]
    if _PASSIVE.search(_AUXILIARIES.sub("", prefix)) or _PASSIVE.search(prefix):
        return ""
    whole = _AUXILIARIES.sub("", prefix)
    if whole.rstrip().endswith(","):
        phrase = _quotation_end(whole).strip(" ,")
        return phrase if 0 < len(phrase.split()) <= _LONGEST_APPOSITION else ""
    clause = _CLAUSE_START.sub("", whole)
    phrase = clause.rpartition(",")[2].strip()
    phrase = re.sub(r"^(?:and|as|so|then|yet)\s+", "", phrase, flags=re.IGNORECASE)
    return phrase if 0 < len(phrase.split()) <= _LONGEST_SUBJECT else ""


def _quotation_end(prefix: str) -> str:
    """Return the text after the last quotation mark."""
    return re.split(f"[{_QUOTE_MARKS}]", prefix)[-1]


def _is_quotation(text: str, span: Span) -> bool:
    """Whether a sentence has quotation marks or stands between two of its paragraph."""
    sentence = span.of(text)
    if any(mark in sentence for mark in _QUOTE_MARKS):
        return True
    start = text.rfind("\n", 0, span.start) + 1
    before = text[start : span.start]
    is_open = before.count("“") + before.count("„") > before.count("”")
    return is_open or before.count('"') % 2 == 1


def _same_paragraph(text: str, first: Span, second: Span) -> bool:
    first, second = sorted((first, second))
    return "\n" not in text[first.end : second.start]


def _is_same(speaker: str, phrase: str, text: str) -> bool:
    """Whether two phrases name the same person or body in an article."""
    target, present = names(f"- {_head(speaker)}"), names(f"- {phrase}")
    if target and any(_is_name(target[0], name, phrase, text) for name in present):
        return True
    role, other_role = _role(speaker), _role(phrase)
    if not target:
        if role and role == other_role:
            return True
        return any(_stand_together(text, role, name.words[-1]) for name in present)
    # "The minister said", of somebody whom the article calls the minister.
    return not present and _stand_together(text, other_role, target[0].words[-1])


def _is_name(target: Name, present: Name, phrase: str, text: str) -> bool:
    target_words, present_words = set(target.words), set(present.words)
    if not KnownWords([phrase]).missing(target):
        return True
    if not (target_words <= present_words or present_words <= target_words):
        return False
    # A surname is that of whoever the article names in full.
    whole = [
        name for name in names(text) if len(name.words) > 1 and name.words[-1:] == present.words
    ]
    return (
        not whole
        or len(target_words) == 1
        or any(target_words & set(name.words) - present_words for name in whole)
    )


def _head(phrase: str) -> str:
    """Cut a phrase down to its head: "the mayor of Weiden" is a mayor."""
    return _BEFORE_PREPOSITION.sub("", phrase.strip()).partition(",")[0]


def _role(phrase: str) -> str:
    """Return the stem of the last plain word that names a role; empty where there is none."""
    plain = [word for word in words(_head(phrase)) if word.islower() and not is_function_word(word)]
    return stem(plain[-1]) if plain else ""


def _stand_together(text: str, role: str, name: str) -> bool:
    """Whether a role and a name (its last word in lower case) stand close to each other in an
    article."""
    if not role:
        return False
    stems = [stem(word) for word in words(text)]
    lower = [word.lower() for word in words(text)]
    places = [i for i, word in enumerate(stems) if word == role]
    return any(
        name in lower[max(i - _APPOSITION_WORDS, 0) : i + _APPOSITION_WORDS + 1] for i in places
    )
