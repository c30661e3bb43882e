"""Held-out questions as the reader meets them: with their own passage, or with retrieved ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final, Literal

from eval.dataset.passages import all_passages
from eval.dataset.splits import alternate, group_of
from eval.metrics.squad import contains
from eval.training.sets import HELD_OUT, INFORMAL, Question, QuestionSet, read_set
from eval.training.swaps import changes
from index.article import Article, Span
from index.snapshot import Found
from rag import Pullquote, Settings
from rag.reading.calibration import Calibration
from rag.reading.context import absent_name_share, article_rank
from rag.reading.spans import SentenceScan
from rag.retrieval.siblings import choose_passages

__all__ = [
    "READ", "RETRIEVAL_SETS", "SEARCH_DEPTH", "Case", "Condition", "ScannedCase", "add_documents",
    "cases_of", "given_cases", "halves_of", "is_right", "near_misses", "retrieved_cases",
]  # fmt: skip

Condition = Literal["given", "retrieved", "removed", "swapped"]
READ: Final = Settings().read_passages
SEARCH_DEPTH: Final = 25
_NEWWIKI: Final = "squadshifts_newwiki"
# The sets whose documents are many enough to be searched.
RETRIEVAL_SETS: Final = (_NEWWIKI, "news")


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the passages to read.

    ``condition``: its own document given, ``READ`` retrieved passages, or as many without any of
    its own article (then nothing answers); or, with a name or number of the question exchanged, its
    own document or what is retrieved for the new question. ``half``: 0 to fit on, 1 to report, by
    article.
    """

    set_name: str
    condition: Condition
    question: Question
    passages: tuple[Found, ...]
    half: int

    @property
    def answerable(self) -> bool:
        """Whether a passage that was handed over holds an answer's document."""
        documents = {passage.article.id for passage in self.passages}
        return bool(self.question.spans) and self.question.document in documents


@dataclass(frozen=True, slots=True)
class ScannedCase:
    """A case, the sentences as the last network scored them, and the first network's scores of all
    sentences."""

    case: Case
    scans: tuple[SentenceScan, ...]
    first: tuple[SentenceScan, ...]

    def place(self, scan: SentenceScan) -> tuple[Article, Span]:
        """Return the article of a scan, and the span of its sentence."""
        passage = self.case.passages[scan.passage]
        return passage.article, passage.passage.sentences[scan.sentence]

    def right(self, scan: SentenceScan) -> bool:
        return is_right(self.case, *self.place(scan))

    def touches(self, scan: SentenceScan) -> bool:
        """Whether a sentence is right, or stands beside a right one in its passage."""
        passage = self.case.passages[scan.passage]
        near = range(max(scan.sentence - 1, 0), scan.sentence + 2)
        spans = [passage.passage.sentences[i] for i in near if i < len(passage.passage.sentences)]
        return any(is_right(self.case, passage.article, span) for span in spans)

    def text(self, scan: SentenceScan) -> str:
        """Return the characters of a scan's span."""
        return scan.span.of(self.case.passages[scan.passage].article.text)

    def ranking(self, calibration: Calibration) -> list[SentenceScan]:
        return calibration.ranking(self.scans)

    def features(self, calibration: Calibration) -> tuple[float, ...]:
        first_scans = {(scan.passage, scan.sentence): scan for scan in self.first}
        scans = self.ranking(calibration)
        absent_names = absent_name_share(self.case.question.text, self.place(scans[0])[0])
        rank = article_rank(self.case.passages, scans[0].passage)
        return calibration.features(scans, first_scans, absent_names, rank)


def add_documents(data: Path, library: Pullquote) -> dict[str, QuestionSet]:
    """The ``RETRIEVAL_SETS`` by name. The documents of all of them, held out or not, are put into
    ``library`` where it has not got them."""
    sets = {name: read_set(data, name) for name in RETRIEVAL_SETS}
    documents = [article for questions in sets.values() for article in questions.documents.values()]
    there = {article.id for article in library.articles()}
    articles = [article for article in documents if article.id not in there]
    library.add_articles(articles, keep_copies=True)
    return sets


def cases_of(data: Path, library: Pullquote, most: int, more_news: int = 0) -> list[Case]:
    """At most ``most`` questions of each set that has held-out articles, with their own document;
    those of newwiki and news with retrieved passages too, from ``library``, which is given these
    sets' documents where it has not got them; near misses of newwiki and squad2; and ``more_news``
    questions of news with retrieved passages, where they are not among these already."""
    random = Random(1)
    cases: list[Case] = []
    for name in HELD_OUT:
        cases += given_cases(read_set(data, name), most // 4 if name in INFORMAL else most, random)
    sets = add_documents(data, library)
    for questions in sets.values():
        cases += retrieved_cases(questions, library, most, random)
    cases += near_misses(sets[_NEWWIKI], library, most // 2, random)
    cases += near_misses(read_set(data, "squad2"), None, most // 4, random)
    there = {(case.set_name, case.condition, case.question.id) for case in cases}
    more = retrieved_cases(sets["news"], library, more_news, Random(77))
    return cases + [c for c in more if (c.set_name, c.condition, c.question.id) not in there]


def given_cases(questions: QuestionSet, most: int, random: Random) -> list[Case]:
    """Return at most so many held-out questions of a set, each with its own document."""
    part, halves = list(questions.part(held_out=True)), halves_of(questions)
    return [
        Case(
            questions.name,
            "given",
            question,
            all_passages(questions.documents[question.document]),
            halves[group_of(questions.documents[question.document])],
        )
        for question in random.sample(part, min(most, len(part)))
    ]


def retrieved_cases(
    questions: QuestionSet, library: Pullquote, most: int, random: Random
) -> list[Case]:
    """Held-out questions, each with retrieved passages; answerable ones twice: as they are found,
    and without any of the question's own article or story. ``library`` holds the set's documents
    by their ids."""
    part, halves = questions.part(held_out=True), halves_of(questions)
    groups = {id: group_of(document) for id, document in questions.documents.items()}
    cases: list[Case] = []
    for question in random.sample(part, min(most, len(part))):
        document = questions.documents[question.document]
        results = library.search(question.text, top_k=SEARCH_DEPTH)
        passages = [Found(result.article, result.passage) for result in results]
        group = group_of(document)
        elsewhere = [p for p in passages if groups.get(p.article.id) != group]
        half = halves[group]
        with_own, without = (
            tuple(choose_passages(hits, READ, all_passages)) for hits in (passages, elsewhere)
        )
        cases.append(Case(questions.name, "retrieved", question, with_own, half))
        if question.spans:
            cases.append(Case(questions.name, "removed", question, without, half))
    return cases


def near_misses(
    questions: QuestionSet,
    library: Pullquote | None,
    most: int,
    random: Random,
) -> list[Case]:
    """At most so many held-out questions with a name or number exchanged, which nothing answers.
    Every second one is read with retrieved passages, where there is a ``library``."""
    part, halves = [q for q in questions.part(held_out=True) if q.spans], halves_of(questions)
    change = changes(part)["swapped"]
    cases: list[Case] = []
    for question in random.sample(part, len(part)):
        document = questions.documents[question.document]
        near_miss = change(question, document, random=random)
        if near_miss is None or len(cases) >= most:
            continue
        passages = all_passages(document)
        if library and len(cases) % 2:
            results = library.search(near_miss.text, top_k=SEARCH_DEPTH)
            hits = [Found(result.article, result.passage) for result in results]
            passages = tuple(choose_passages(hits, READ, all_passages))
        half = halves[group_of(document)]
        cases.append(Case(questions.name, "swapped", near_miss, passages, half))
    return cases


def halves_of(questions: QuestionSet) -> dict[str, int]:
    """Map every second held-out article, by name, to 1 (reported on), the others to 0."""
    part = questions.part(held_out=True)
    return alternate(group_of(questions.documents[q.document]) for q in part)


def is_right(case: Case, article: Article, sentence: Span) -> bool:
    """Whether a quoted sentence answers: it overlaps a gold span, or, in another passage than
    the question's own, holds an answer word for word."""
    if not case.question.spans or case.condition == "removed":
        return False
    gold = case.question.spans_in(article.id)
    if any(sentence.start < end and start < sentence.end for start, end in gold):
        return True
    if case.question.whole_sentences or case.condition == "given":
        return False
    return contains(sentence.of(article.text), *case.question.answers)
