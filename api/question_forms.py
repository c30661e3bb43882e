"""Make questions that the sentences of an article answer, by inverting English sentences.

"The Northgate bridge will reopen on 30 June." becomes "When will the Northgate bridge reopen?".
Only English sentences of a few plain shapes are inverted. The result is a candidate; whether the
articles answer it is tested by asking it (round-trip consistency, after Alberti et al., 2019).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from index.article import Article, Span
from rag.facts.dates import days
from rag.facts.quantities import amounts
from rag.query.word_list import common_words

__all__ = ["Candidate", "candidates"]

_MAX_SUBJECT_WORDS: Final = 6
_MAX_OBJECT_WORDS: Final = 9
# "The second basin" says what is meant, "the report" does not.
_MIN_DESCRIPTION: Final = 3
_PERFECT: Final = ("has", "have", "had")

_AUXILIARIES: Final = "is|are|was|were|will|has|have|had|can|could|would|must"
_WITH_AUXILIARY: Final = re.compile(
    rf"(?P<subject>[^,;:()“”\"]+?) (?P<verb>{_AUXILIARIES}) (?P<rest>.+)"
)
_PAST: Final = re.compile(r"(?P<subject>[^,;:()“”\"]+?) (?P<verb>[a-z]{3,}ed) (?P<rest>.+)")
_PRESENT: Final = re.compile(
    r"(?P<subject>[^,;:()“”\"]+?) (?P<verb>plans|intends|wants|expects|hopes) (?P<rest>to .+)"
)
# "Dou Shen, president of the AI cloud division at Baidu, said": a word for what a person is.
_ROLE: Final = re.compile(
    r"(?:[A-Z][\w’'-]+ ){1,3}?[A-Z][\w’'-]+, (?:the )?(?!an? )"
    r"(?P<role>(?:[a-z-]+ ){0,3}?[a-z-]*(?:er|or|ist|ian|dent|man|woman|head|chief|chair|tive|lyst)"
    r" (?:of|at) [^,;:()“”\"]*[A-Z][^,;:()“”\"]*),"
)
_PRONOUNS: Final = (
    "he|she|it|they|we|i|you|this|that|these|those|there|who|which|what|him|them|her|us|me|"
    "its|their|his|our|my|such|other|another|not|himself|herself|itself|themselves"
)
# Words that a subject which can be understood alone does not have, and where it does not begin.
_VAGUE: Final = re.compile(
    rf"\b(?:{_PRONOUNS}|{_AUXILIARIES}|be|been|being|do|does|did|and|but|or|if|when|while|as|"
    r"because|after|before|since|although|also|yesterday|today|tomorrow|said|both|one|two)\b|"
    r"^(?:in|on|at|by|for|with|from|to|under|of|last|next)\b",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(r"^(?P<before>.*\S)\s+(?:in|on|by|from|since|until)$")
_ABOUT: Final = re.compile(
    r"\s*(?:\b(?:about|around|nearly|almost|roughly|some|over|under|up to|"
    r"(?:more|less|fewer) than|at least)\s*)?$"
)
# A day that is followed by more of the same clause may part a verb from its object.
_CLAUSE_END: Final = re.compile(r"\s*(?:$|[,;:.]|(?:and|but|when|after|as|because|while|by)\b)")
# With such an end a question would hang in the air.
_DANGLING: Final = re.compile(
    r"\b(?:a|an|the|and|or|but|of|in|on|at|by|for|with|from|to|as|than|is|are|was|were|be|"
    r"before|after|early|late|end|start|beginning|middle|half|between)$",
    re.IGNORECASE,
)
_UNSAID: Final = re.compile(rf"[,;:()“”\"]|\b(?:{_PRONOUNS})\b", re.IGNORECASE)
_MONEY: Final = re.compile(r"[$€£¥₹]|\b(?:dollars?|euros?|pounds?|yen|yuan|RMB|francs?)\b")
_COUNT_NOUN: Final = re.compile(
    r"\s+(?P<noun>(?!times|percent)(?:[a-z]{2,}(?<!s)(?<!u)(?<!i)s|people|children))\b"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and the sentence of the article that may answer it (``None`` where it is not
    known)."""

    question: str
    sentence: Span | None


def candidates(article: Article, sentences: Iterable[Span]) -> list[Candidate]:
    """Make the questions that the article may answer, in the order of its sentences, without
    repetitions."""
    by_question: dict[str, Candidate] = {}
    title = article.title.strip()
    if title.endswith(("?", "？", "؟")):
        by_question[title] = Candidate(title, None)
    if article.language.partition("-")[0] == "en":
        for span in sentences:
            for question in _questions(span.of(article.text), article.text):
                by_question.setdefault(question, Candidate(question, span))
    return list(by_question.values())


def _questions(sentence: str, text: str) -> Iterator[str]:
    sentence = " ".join(sentence.split()).rstrip(".!")
    role = _ROLE.search(sentence)
    if role and len(role["role"].split()) <= _MAX_OBJECT_WORDS and not _UNSAID.search(role["role"]):
        yield f"Who is the {role['role']}?"
    for pattern, helper in ((_WITH_AUXILIARY, None), (_PRESENT, "does"), (_PAST, "did")):
        match = pattern.fullmatch(sentence)
        if match and _names_something(match["subject"], text):
            question = _inversion(match, helper, text)
            if question:
                yield question
            return


def _names_something(subject: str, text: str) -> bool:
    """Whether the subject of a sentence identifies its referent by itself: it has a name in it, or
    a description."""
    words = subject.split()
    if len(words) > _MAX_SUBJECT_WORDS or _VAGUE.search(subject) or re.search(r"\d", subject):
        return False
    describes = words[0] == "The" and len(words) >= _MIN_DESCRIPTION
    return describes or any(word[0].isupper() for word in words[1:]) or _is_name(words[0], text)


def _is_name(word: str, text: str) -> bool:
    """Whether the first word of a sentence also has its capital in the middle of one."""
    return bool(re.search(rf"(?<=[a-z,] ){re.escape(word)}\b", text))


def _inversion(match: re.Match[str], helper: str | None, text: str) -> str | None:
    """Turn the sentence into a question for its first day or amount; ``None`` where it has none
    that can be asked for."""
    verb, rest = match["verb"], match["rest"]
    main = ""
    if helper:
        base = _base_form(verb) if helper == "did" else verb.removesuffix("s")
        if base is None:
            return None
        main = base
    fact = _when(rest) or _how_much(rest, bool(helper))
    if fact is None or (fact[0] == "When" and (verb in _PERFECT or main == fact[1] == "")):
        return None
    word, before = fact
    predicate = f"{main} {before}".strip()
    if (
        len(predicate.split()) > _MAX_OBJECT_WORDS
        or _DANGLING.search(predicate)
        or _UNSAID.search(predicate)
    ):
        return None
    return f"{word} {helper or verb} {_inside(match['subject'], text)} {predicate}?"


def _when(rest: str) -> tuple[str, str] | None:
    """Return "When" and the words before the first day of ``rest``; ``None`` without a day."""
    for day in days(rest):
        lead = _WHEN.match(rest[: day.start].rstrip())
        if lead and (day.years or day.month) and _CLAUSE_END.match(rest, day.end):
            return "When", lead["before"]
        return None
    return None


def _how_much(rest: str, has_verb: bool) -> tuple[str, str] | None:
    """Return the question word for an amount that is the verb's object, and the verb, where
    ``rest`` begins with it."""
    for amount in amounts(rest):
        before = _ABOUT.sub("", rest[: amount.start].rstrip("$€£¥₹ US"))
        if len(before.split()) != (0 if has_verb else 1) or before.endswith("ly"):
            return None
        if _MONEY.search(rest[max(0, amount.start - 1) : amount.end + 8]):
            return "How much", before
        count_noun = _COUNT_NOUN.match(rest, amount.end)
        return (f"How many {count_noun['noun']}", before) if count_noun else None
    return None


def _base_form(past: str) -> str | None:
    """Return the base form of a past tense: "open" of "opened", "plan" of "planned"; ``None`` where
    the result is no common word."""
    stem = past.removesuffix("ed")
    forms = [past[:-1], stem]
    if stem[-1:] == stem[-2:-1]:
        forms.append(stem[:-1])
    if stem.endswith("i"):
        forms.append(stem[:-1] + "y")
    return next((form for form in forms if form in common_words()), None)


def _inside(subject: str, text: str) -> str:
    """Return the subject for the middle of a sentence: its first word in lower case, unless it is a
    name."""
    first, _, more = subject.partition(" ")
    opens_name = first not in ("The", "A", "An") and (more[:1].isupper() or _is_name(first, text))
    return subject if opens_name or not first.istitle() else subject[0].lower() + subject[1:]
