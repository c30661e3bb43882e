"""Make questions that the sentences of an article answer, by inverting English sentences.

"The Northgate bridge will reopen on 30 June." becomes "When will the Northgate bridge reopen?".
Only English sentences of a few plain shapes are inverted, and a question has to name somebody or
something: who has not read the article knows no "report" and no "second basin". The result is a
candidate; whether the articles answer it is tested by asking it (round-trip consistency, after
Alberti et al., 2019).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from index.article import Article, Span
from rag.facts.dates import days
from rag.facts.quantities import amounts
from rag.facts.saying import QUOTE_MARKS, speakers
from rag.query.verb_forms import IRREGULAR, base_of_past
from rag.query.word_list import MIN_LETTERS, common_words
from rag.text.english import is_function_word

__all__ = ["Candidate", "candidates"]

_MAX_SUBJECT_WORDS: Final = 6
_MAX_OBJECT_WORDS: Final = 9
# Whether a word is a name is looked up in the text, for each sentence. A longer article has enough
# in its beginning.
_MOST_CHARS: Final = 20_000
# "The second basin" says what is meant, "the report" does not.
_MIN_DESCRIPTION: Final = 3
# Who is named but once or twice is not asked for.
_MIN_MENTIONS: Final = 2
# Nobody asks for the number of so few.
_MIN_COUNT: Final = 5
_PERFECT: Final = ("has", "have")
_PASSIVE: Final = ("is", "are", "was", "were", "be", "been")

# Without "had", which reckons from a time that a question lacks.
_AUXILIARIES: Final = "is|are|was|were|will|has|have|can|could|would|must"
_WITH_AUXILIARY: Final = re.compile(
    rf"(?P<subject>[^,;:()“”\"]+?) (?P<verb>{_AUXILIARIES}) (?P<rest>.+)"
)
# Without "did" and "had", and what may be a present too ("put").
_IRREGULAR_PASTS: Final = "|".join(
    past for past, base in IRREGULAR.items() if past != base and base not in ("do", "have")
)
_PAST: Final = re.compile(
    rf"(?P<subject>[^,;:()“”\"]+?) (?P<verb>[a-z]{{2,}}ed|{_IRREGULAR_PASTS}) (?P<rest>.+)"
)
_PRESENT: Final = re.compile(
    r"(?P<subject>[^,;:()“”\"]+?) (?P<verb>plans|intends|wants|expects|hopes) (?P<rest>to .+)"
)
_COSTS: Final = re.compile(r"(?P<subject>[^,;:()“”\"]+?) (?P<verb>costs) (?P<rest>.+)")
_BECAUSE: Final = re.compile(r"^(?P<before>[^,;:]*\w),? because (?!of\b)")
_PLACE: Final = re.compile(
    r"^(?P<before>(?:[a-z]+ly )?(?:[a-z]+ed|born|built|held|found|made)) (?:in|at|near) "
    r"(?:the )?(?P<place>[A-Z][\w’'-]*)"
)
# "Wilhelmina Osei, an engineer who ..., died": the first mention of somebody says who they are.
_INTRODUCTION: Final = re.compile(
    r"(?P<name>(?:[A-Z][\w’'-]+ ){1,2}[A-Z][\w’'-]+), (?P<age>\d\d, )?an? "
    r"(?P<role>[a-z][^,;:()“”\"]*)(?P<more>.*)"
)
# "Dou Shen, president of the AI cloud division at Baidu, said": a word for what a person is.
_ROLE: Final = re.compile(
    r"(?:[A-Z][\w’'-]+ ){1,3}?[A-Z][\w’'-]+, (?:the )?(?!an? )"
    r"(?P<role>(?:[a-z-]+ ){0,3}?[a-z-]*(?:er|or|ist|ian|dent|man|woman|head|chief|chair|tive|lyst)"
    r" (?:of|at) [^,;:()“”\"]*[A-Z][^,;:()“”\"]*)(?:,|$)"
)
# What is the subject's own ("its rival") is clear where the subject is.
_OWN: Final = "its|their|his|her"
_PERSONS: Final = (
    "he|she|it|they|we|i|you|this|that|these|those|there|who|which|what|him|them|us|me|"
    "our|my|such|other|another|not|himself|herself|itself|themselves"
)
_PRONOUNS: Final = f"{_PERSONS}|{_OWN}"
# Words that a subject which can be understood alone does not have, and where it does not begin.
_VAGUE: Final = re.compile(
    rf"\b(?:{_PRONOUNS}|{_AUXILIARIES}|be|been|being|had|do|does|did|and(?! [A-Z])|but|or|if|when|"
    r"while|as|because|after|before|since|although|yesterday|today|tomorrow|said|both|one|two|also|"
    r"now|then|still|never|nevertheless|therefore|however|[a-z]+ly)\b|"
    r" [-–—] |^(?:in|on|at|by|for|with|from|to|under|of|last|next)\b",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(r"^(?P<before>.*\S)\s+(?:in|on|by|from)$")
_ABOUT: Final = re.compile(
    r"\s*(?:\b(?:about|around|nearly|almost|roughly|some|over|under|up to|"
    r"(?:more|less|fewer) than|at least)\s*)?$"
)
# A day that is followed by more of the same clause may part a verb from its object.
_CLAUSE_END: Final = re.compile(
    r"\s*(?:$|[,;:.]|(?:and|but|when|after|as|because|while|by|for|with)\b)"
)
# With such an end a question would hang in the air.
_DANGLING: Final = re.compile(
    r"\b(?:a|an|the|and|or|but|of|in|on|at|by|for|with|from|to|as|than|is|are|was|were|be|"
    r"before|after|early|late|end|start|beginning|middle|half|between|only|just|even|already|"
    r"that|which|who|to be|[a-z]+ed the)$",
    re.IGNORECASE,
)
# A figure in a question gives away that its author has read the answer.
_UNSAID: Final = re.compile(
    rf"[,;:()“”\"]| [-–—] |(?<!\w)\d|"
    rf"\b(?:{_PERSONS}|earlier|later|latter|both|same|then|there|here)\b",
    re.IGNORECASE,
)
_PARTICIPLE: Final = re.compile(r"[a-z]{2,}ed|born")
# What an amount was paid for, raised from or lent to.
_COMPLEMENT: Final = re.compile(
    r"\s+(?P<complement>(?:for|to|from|in|on) (?:[\w’'-]+ ?){1,4}?)"
    r"(?=$|[,;:.]|\s(?:and|but|when|after|as|because|while|by|in|on|since|last|this|with)\b)"
)
_WEEKDAYS: Final = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_WEEKDAY_NEXT: Final = re.compile(rf"\s+(?:on|last|this|by) {_WEEKDAYS.pattern}")
# After an amount that is all of the object.
_OBJECT_END: Final = re.compile(r"\s*(?:$|[,;:.]|(?:and|but|when|after|as|because|while|so far)\b)")
_DEGREES: Final = re.compile(r"(?:degrees|points|percentages|seconds|minutes|hours|days|weeks)\b")
_MONEY: Final = re.compile(r"[$€£¥₹]|\b(?:dollars?|euros?|pounds?|yen|yuan|RMB|francs?)\b")
_COUNT_NOUN: Final = re.compile(
    r"\s+(?P<noun>(?!times|percent)(?:[a-z]{2,}(?<!s)(?<!u)(?<!i)s|people|children))\b"
)
_MONEY_NOUN: Final = re.compile(
    r"\s*(?:(?:US|Canadian|Australian|Swiss) )?(?:dollars?|euros?|pounds?|yen|yuan|RMB|francs?)\b"
)
# "Explained: Why is the bridge shut?"
_LABEL: Final = re.compile(r"^[\w ]{3,24}: (?=\S+ \S+ \S+ \S+)")
_NAME: Final = re.compile(r"(?<!\w)[^\W\d_a-z][\w’'-]*[^\W_]|\d")
_BACKWARD: Final = re.compile(
    r"\b(?:he|she|it|they|we|i|this|these|those|him|them|us|me|our|my)\b", re.IGNORECASE
)
_QUOTED: Final = re.compile(f"[{QUOTE_MARKS}]")
# A full name, at the end of what tells who says something: "district judge Anita Rao".
_FULL_NAME: Final = re.compile(r"(?:[^\W\d_a-z][\w’'-]+ ){1,3}[^\W\d_a-z][\w’'-]+$")
# The shapes of sentences, and the auxiliary that a question of each needs.
_SHAPES: Final = (
    (_WITH_AUXILIARY, None),
    (_PRESENT, "does"),
    (_COSTS, "does"),
    (_PAST, "did"),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, and the sentence of the article that may answer it (``None`` where it is not
    known)."""

    question: str
    sentence: Span | None


def candidates(article: Article, sentences: Iterable[Span]) -> list[Candidate]:
    """Make the questions that the article may answer, without repetitions: one of each question
    word in the order of its sentences, then the second of each, and so on."""
    by_question: dict[str, Candidate] = {}
    title = _LABEL.sub("", article.title.strip())
    title = title[:1].upper() + title[1:]
    is_english = article.language.partition("-")[0] == "en"
    if title.endswith(("?", "？", "؟")) and not (is_english and not _is_clear(title)):
        by_question[title] = Candidate(title, None)
    if is_english:
        text = article.text[:_MOST_CHARS]
        for span in sentences:
            for question in _questions(span.of(text), text) if span.end <= len(text) else ():
                if _is_clear(question):
                    by_question.setdefault(question, Candidate(question, span))
    counts: Counter[str] = Counter()
    turns: list[tuple[int, Candidate]] = []
    for candidate in by_question.values():
        word = " ".join(candidate.question.split()[:2])
        counts[word] += 1
        turns.append((counts[word], candidate))
    turns.sort(key=lambda turn: turn[0])
    return [candidate for _, candidate in turns]


def _is_clear(question: str) -> bool:
    """Whether a question has a name in it, and no pronoun that something before it would
    explain."""
    _, _, after = question.partition(" ")
    return bool(_NAME.search(after)) and not _BACKWARD.search(question)


def _questions(sentence: str, text: str) -> Iterator[str]:
    sentence = " ".join(sentence.split()).rstrip(".!")
    role = _ROLE.search(sentence)
    if role and len(role["role"].split()) <= _MAX_OBJECT_WORDS and not _UNSAID.search(role["role"]):
        yield f"Who is the {role['role']}?"
    person = _INTRODUCTION.match(sentence)
    if person and _is_person_of_note(person, text):
        yield f"Who {'was' if ' died ' in person['more'] else 'is'} {person['name']}?"
    for speaker in speakers(sentence) if _QUOTED.search(sentence) else ():
        name = _FULL_NAME.search(speaker)
        if name and not is_function_word(name[0].split()[0]):
            yield f"What did {name[0]} say?"
    for pattern, helper in _SHAPES:
        match = pattern.fullmatch(sentence)
        if match is None:
            continue
        # What one of a kind costs, all do; when "a courier" fell, is no question.
        is_one = match["subject"].startswith(("A ", "An ")) and pattern is not _COSTS
        if not is_one and _names_something(match["subject"], text):
            yield from _inversions(match, helper, text)
            return


def _is_person_of_note(introduction: re.Match[str], text: str) -> bool:
    """Whether the text introduces a person, and speaks of them again."""
    first, *_, surname = introduction["name"].split()
    is_person = introduction["age"] or " who " in introduction["role"]
    often = len(re.findall(rf"\b{re.escape(surname)}\b", text)) > _MIN_MENTIONS
    return bool(is_person and often and not is_function_word(first))


def _names_something(subject: str, text: str) -> bool:
    """Whether the subject of a sentence identifies its referent by itself: it has a name in it, or
    a description."""
    words = [word for word in subject.split() if word not in ("first", "last")]
    if not words or len(words) > _MAX_SUBJECT_WORDS or _VAGUE.search(subject):
        return False
    if re.search(r"\d", subject) or (len(words) > 1 and _is_ambiguous(words, text)):
        return False
    describes = words[0] in ("The", "A", "An") and len(words) >= _MIN_DESCRIPTION
    return describes or any(word[0].isupper() for word in words[1:]) or _is_name(words[0], text)


def _is_ambiguous(words: Sequence[str], text: str) -> bool:
    """Whether the first word of "General elections" is a name ("Attorney General") or not, nobody
    knows."""
    first, second = words[:2]
    return second[0].islower() and first.lower() in common_words() and _is_name(first, text)


def _is_name(word: str, text: str) -> bool:
    """Whether the first word of a sentence also has its capital in the middle of one."""
    return bool(re.search(rf"(?<=[a-z,] ){re.escape(word)}\b", text))


def _inversions(match: re.Match[str], helper: str | None, text: str) -> Iterator[str]:
    """Turn the sentence into questions for its reason, its place, and its first day or amount, as
    far as it has what can be asked for."""
    verb, rest = match["verb"], match["rest"]
    main = ""
    if helper:
        main = base_of_past(verb) if helper == "did" else verb.removesuffix("s")
        if len(main) >= MIN_LETTERS and main not in common_words():
            return
    for word, before, after in _facts(verb, rest, main):
        predicate = " ".join(filter(None, (main, before, after)))
        if _is_whole(predicate, main):
            yield f"{word} {helper or verb} {_inside(match['subject'], text)} {predicate}?"
    if helper == "does" and rest.startswith("to ") and main != "expect":
        yield f"What does {_inside(match['subject'], text)} {main} to do?"


def _facts(verb: str, rest: str, main: str) -> Iterator[tuple[str, str, str]]:
    """Yield a question word, the words of the predicate before what is asked for, and those after
    it."""
    reason = _BECAUSE.match(rest)
    if reason:
        yield "Why", reason["before"], ""
    place = _PLACE.match(rest)
    is_placed = bool(place and verb in _PASSIVE and not _is_day(rest, place.start("place")))
    if place and is_placed:
        yield "Where", place["before"], ""
    day = _when(rest)
    if day is not None:
        if place and is_placed and len(day) > len(place["before"]):
            day = place["before"]
        if (verb not in _PERFECT and (main or day)) and not day.startswith("to "):
            yield "When", day, ""
    else:
        amount = _how_much(rest, bool(main))
        if amount:
            yield amount


def _is_day(text: str, at: int) -> bool:
    """Whether a day ("March", "Monday") begins, or goes on, at a place of a text."""
    is_dated = any(day.start <= at < day.end for day in days(text))
    return is_dated or bool(_WEEKDAYS.match(text, at))


def _is_whole(predicate: str, main: str) -> bool:
    """Whether a predicate can end a question: it is short, says all by itself, has one verb, and
    does not hang in the air."""
    words = predicate.split()
    # "hired for the task started", "free for children born": that verb is another one's.
    participles = [word for word in words[1:] if _PARTICIPLE.fullmatch(word)]
    is_led = bool(words) and (
        words[0].endswith("ly") or words[0] in ("last", "first", "be", "been")
    )
    if participles and (main or not is_led or len(participles) > 1):
        return False
    return not (
        not words
        or len(words) > _MAX_OBJECT_WORDS
        or _DANGLING.search(predicate)
        or _UNSAID.search(predicate)
    )


def _when(rest: str) -> str | None:
    """Return the words before the first day of ``rest`` that tells when; ``None`` without one."""
    for day in days(rest):
        lead = _WHEN.match(rest[: day.start].rstrip())
        if lead and (day.years or day.month) and _CLAUSE_END.match(rest, day.end):
            return lead["before"]
        return None
    return None


def _how_much(rest: str, has_verb: bool) -> tuple[str, str, str] | None:
    """Return the question word for an amount that is the verb's object, and the verb, where
    ``rest`` begins with it, and what the amount is for."""
    for amount in amounts(rest):
        before = _ABOUT.sub("", rest[: amount.start].rstrip("$€£¥₹ US"))
        if len(before.split()) != (0 if has_verb else 1) or before.endswith("ly"):
            return None
        if _MONEY.search(rest[max(0, amount.start - 1) : amount.end + 8]):
            noun = _MONEY_NOUN.match(rest, amount.end)
            word, end = "How much", noun.end() if noun else amount.end
        else:
            noun = _COUNT_NOUN.match(rest, amount.end)
            if noun is None or _DEGREES.match(noun["noun"]) or amount.plain < _MIN_COUNT:
                return None
            word, end = f"How many {noun['noun']}", noun.end()
        complement = _complement(rest, end)
        return None if complement is None else (word, before, complement)
    return None


def _complement(rest: str, start: int) -> str | None:
    """Return the words from ``start`` on that say what an amount is for, empty where the object or
    all but a time ends there, or ``None`` where something else follows."""
    match = _COMPLEMENT.match(rest, start)
    if match and not days(match["complement"]) and not _WEEKDAYS.search(match["complement"]):
        return match["complement"].strip()
    is_end = match or _OBJECT_END.match(rest, start) or _WEEKDAY_NEXT.match(rest, start)
    return "" if is_end else None


def _inside(subject: str, text: str) -> str:
    """Return the subject for the middle of a sentence: its first word in lower case, unless it is a
    name."""
    first, _, more = subject.partition(" ")
    opens_name = first not in ("The", "A", "An") and (more[:1].isupper() or _is_name(first, text))
    return subject if opens_name or not first.istitle() else subject[0].lower() + subject[1:]
