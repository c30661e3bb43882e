"""The reader: what it quotes, how sure it is, and plain answers that any good one gives."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article, Passage, Span
from index.load import load_paths
from index.logistic import LogisticModel, sigmoid
from index.snapshot import Found
from rag.evidence import Evidence
from rag.reading.calibration import FEATURES, Calibration
from rag.reading.cascade import CascadeReader
from rag.reading.first_reader import FirstReader
from rag.reading.layout import BertEncoder, MPNetEncoder, Tokens
from rag.reading.manifest import WEIGHTS_FOLDER
from rag.reading.second_reader import SecondReader
from rag.reading.spans import SentenceScan
from tests.rag.reading.passages import WILD, Scattered, cut, small_reader, whole

SEEDS = Path(__file__).parents[3] / "seeds"
NOTHING = LogisticModel(dict.fromkeys(FEATURES, 0.0))
BY_MARGIN = LogisticModel({**NOTHING.weights, "margin": 1.0})
PLAINLY = Calibration(0.0, 0.0, 0.0, BY_MARGIN, NOTHING, 2.0)


class Marked:
    """A first look with given margins and evidence for the sentences, in their order."""

    def __init__(self, marks: Sequence[tuple[float, float]]) -> None:
        self.marks = marks

    def scan(self, question: str, passages: Sequence[Found]) -> list[SentenceScan]:
        places = [
            (number, place, span)
            for number, found in enumerate(passages)
            for place, span in enumerate(found.passage.sentences)
        ]
        return [SentenceScan(*place, *mark) for place, mark in zip(places, self.marks, strict=True)]


def _texts(quoted: Sequence[Evidence]) -> list[str]:
    return [each.sentence.of(each.article.text) for each in quoted]


FOUR = "One came. Two came. Three came. Four came."


def test_without_a_second_look_the_first_decides() -> None:
    reader = CascadeReader(Marked([(0, 0), (3, 0), (1, 0), (2, 0)]), PLAINLY)
    assert not reader.looks_twice
    reading = reader.read("Who came?", [whole(FOUR)])
    assert _texts(reading.evidence) == ["Two came."]
    assert reading.confidence == pytest.approx(sigmoid(3.0))
    assert reading.evidence[0].score == reading.confidence


def test_the_best_are_nearest_whether_they_answer_or_not() -> None:
    reader = CascadeReader(Marked([(-9, 0), (-6, 0), (-8, 0), (-7, 0)]), PLAINLY)
    reading = reader.read("Who came?", [whole(FOUR)])
    assert reading.confidence < 0.01
    assert _texts(reading.nearest) == ["Two came.", "Four came.", "Three came."]
    assert reading.nearness == 0.5


def test_what_is_evidence_and_does_not_answer_is_further() -> None:
    marks = [(-1, 4.0), (3, 5.0), (1, 2.5), (-2, 3.0)]
    reading = CascadeReader(Marked(marks), PLAINLY).read("Who came?", [whole(FOUR)])
    assert _texts(reading.evidence) == ["Two came.", "Three came."]
    assert _texts(reading.further) == ["One came.", "Four came."]


def test_what_else_is_evidence_is_quoted_behind_the_best() -> None:
    marks = [(0, 2.0), (3, -5.0), (1, 1.9), (2, 4.0)]
    reading = CascadeReader(Marked(marks), PLAINLY).read("Who came?", [whole(FOUR)])
    assert _texts(reading.evidence) == ["Two came.", "Four came.", "One came."]
    best, second, third = (each.score for each in reading.evidence)
    assert best == second == pytest.approx(sigmoid(3.0))
    assert third == pytest.approx(sigmoid(2.0))


def test_three_are_quoted_at_most() -> None:
    reader = CascadeReader(Marked([(0, 9)] * 4), PLAINLY)
    assert len(reader.read("Who came?", [whole(FOUR)]).evidence) == 3


def test_evidence_counts_in_the_order() -> None:
    marked = Marked([(1, 0), (0, 3), (-1, 0), (-1, 0)])
    weighed = Calibration(0.5, 0.0, 0.0, PLAINLY.answers, PLAINLY.touches, math.inf)
    reading = CascadeReader(marked, weighed).read("Who came?", [whole(FOUR)])
    assert _texts(reading.evidence) == ["Two came."]


def test_a_heading_is_never_quoted() -> None:
    text = "Who came\nOne came. Two came."
    found = whole(text)
    many = len(found.passage.sentences)
    reader = CascadeReader(Marked([(9, 9), *[(0, 0)] * (many - 1)]), PLAINLY)
    reading = reader.read("Who came?", [found])
    assert all(span.start > 0 for span in (each.sentence for each in reading.nearest))
    assert reading.confidence == 0.5
    # As a lead to a passage it may serve.
    assert reader.scores("Who came?", [found]) == [9]


def test_by_setting_any_line_may_be_quoted() -> None:
    found = whole("Who came\nOne came. Two came.")
    marked = Marked([(9, 9), *[(0, 0)] * (len(found.passage.sentences) - 1)])
    reading = CascadeReader(marked, PLAINLY, statements=False).read("Who came?", [found])
    assert _texts(reading.evidence[:1]) == ["Who came"]


def test_a_passage_without_a_word_scores_below_all() -> None:
    class Wordless(Marked):
        def scan(self, question: str, passages: Sequence[Found]) -> list[SentenceScan]:
            return super().scan(question, passages[:1])

    reader = CascadeReader(Wordless([(-5, 0), (-3, 0), (-4, 0), (-9, 0)]), PLAINLY)
    assert reader.scores("Who?", [whole(FOUR), whole(FOUR)]) == [-3, -math.inf]


class Doubtful(SecondReader):
    """Takes every margin for what it was; of fewer than all sentences the last loses three."""

    def __init__(self) -> None:
        self.numbers: list[list[int]] = []

    def scan_each(
        self,
        question: str,
        passages: Sequence[Found],
        groups: Sequence[Sequence[SentenceScan]],
        with_opening: bool = False,
    ) -> list[list[SentenceScan]]:
        return [self._scan_group(group) for group in groups]

    def _scan_group(self, group: Sequence[SentenceScan]) -> list[SentenceScan]:
        self.numbers.append([scan.sentence for scan in group])
        doubtful = {5} if len(group) < 6 else set()
        return [
            replace(scan, margin=scan.margin - 3.0 * (scan.sentence in doubtful)) for scan in group
        ]


SIX = "One came. Two came. Three came. Four came. Five came. Six came."
CLOSELY = LogisticModel({**NOTHING.weights, "closer_margin": 1.0})


@pytest.mark.parametrize(
    ("closer_weight", "best", "confidence"), [(0.0, "Six came.", 0.0), (1.0, "Five came.", 2.0)]
)
def test_the_best_are_read_once_more_by_themselves(
    closer_weight: float, best: str, confidence: float
) -> None:
    second = Doubtful()
    marked = Marked([(0, 0), (1, 0), (-9, 0), (-9, 0), (2, 0), (3, 0)])
    calibration = Calibration(0.0, 0.0, closer_weight, CLOSELY, NOTHING, 9.0)
    reading = CascadeReader(marked, calibration, second).read("Who came?", [whole(SIX)])
    assert _texts(reading.evidence) == [best]
    assert second.numbers == [[0, 1, 2, 3, 4, 5], [3, 4, 5], [2, 3, 4, 5], [0, 1, 2, 3]]
    assert reading.confidence == pytest.approx(sigmoid(confidence))


def test_one_far_behind_is_not_read_again() -> None:
    second = Doubtful()
    marked = Marked([(0, 0), (-9, 0), (-9, 0), (-9, 0), (-9, 0), (7, 0)])
    calibration = Calibration(0.0, 0.0, 1.0, CLOSELY, NOTHING, 9.0)
    reading = CascadeReader(marked, calibration, second).read("Who came?", [whole(SIX)])
    # Of those that were not read again the order stays what it was.
    assert _texts(reading.nearest)[:2] == ["Six came.", "One came."]
    assert second.numbers == [[0, 1, 2, 3, 4, 5], [3, 4, 5]]


@pytest.mark.parametrize(
    ("margin", "other", "quoted"),
    [
        (4.0, "b", ["Zero came.", "Six came."]),
        (2.0, "b", ["Zero came."]),
        (2.0, "a", ["Zero came.", "Six came."]),
    ],
)
def test_a_sentence_of_another_article_has_to_answer_by_itself(
    margin: float, other: str, quoted: list[str]
) -> None:
    passages = [whole("Zero came."), whole(SIX, id=other)]
    marked = Marked([(5, 9), *[(-9, -9)] * 5, (margin, 9)])
    reading = CascadeReader(marked, PLAINLY, Doubtful()).read("Who came?", passages)
    assert _texts(reading.evidence) == quoted


@pytest.fixture(scope="module")
def scattered(tokens: Tokens) -> CascadeReader:
    """Two networks that say anything."""
    first = FirstReader(Scattered(), tokens, BertEncoder(tokens.marks), 384)
    second = SecondReader(Scattered(), tokens, MPNetEncoder(), budget=60)
    return CascadeReader(first, PLAINLY, second)


def _holds(found: Sequence[Evidence]) -> bool:
    return all(
        each.sentence.start <= each.highlight.start < each.highlight.end
        and each.highlight.end <= each.sentence.end <= len(each.article.text)
        and 0 <= each.score <= 1
        for each in found
    )


@given(question=st.text(max_size=60), text=st.text(min_size=1, max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_spans_in_their_sentences(
    scattered: CascadeReader, question: str, text: str
) -> None:
    reading = scattered.read(question, cut(text, title=text[:20]))
    assert 0 <= reading.confidence <= 1
    assert 0 <= reading.nearness <= 1
    assert _holds(reading.evidence)
    assert _holds(reading.nearest)
    assert reading.evidence[:1] == reading.nearest[:1]


@given(st.lists(st.sampled_from(WILD), min_size=1, max_size=4), st.text(max_size=30))
@settings(max_examples=50, deadline=None)
def test_no_sentence_is_quoted_twice(
    scattered: CascadeReader, texts: list[str], question: str
) -> None:
    passages = [found for i, text in enumerate(texts) for found in cut(text, id=str(i))]
    nearest = scattered.read(question, [*passages, *passages]).nearest
    assert len({(each.article.id, each.sentence) for each in nearest}) == len(nearest)


def test_nothing_to_read_is_no_answer(reader: CascadeReader) -> None:
    assert reader.read("Who?", []).confidence == 0.0
    silent = Found(Article("a", "T", "\u200b\ufeff"), Passage(0, "a", 0, Span(0, 1), (Span(0, 1),)))
    reading = reader.read("Who?", [silent])
    assert (reading.evidence, reading.nearest, reading.nearness) == ((), (), 0.0)


def test_the_first_look_alone_is_loaded_when_asked_for(tmp_path: Path) -> None:
    folder = small_reader(tmp_path / "small", layers=1)
    models = tmp_path / "models"
    assert not CascadeReader.load(models, folder, looks=1, calibrated=False).looks_twice
    assert CascadeReader.load(models, folder, looks=2, calibrated=False).looks_twice


@pytest.fixture(scope="module")
def seeds() -> list[Found]:
    loaded = load_paths([SEEDS], max_chars=1_000_000)
    articles = [each for each in loaded if isinstance(each, Article)]
    return [found for a in articles for found in cut(a.text, a.title, a.id)]


PLAIN = [
    ("How much does Alibaba intend to spend on cloud computing and AI?", "380 billion RMB"),
    ("How many RMB does Alibaba intend to spend on AI?", "380 billion RMB"),
    ("What were China's chip imports worth in 2024?", "$385 billion"),
    ("Who is the chief executive of Nvidia?", "Jensen Huang"),
    ("Who is Tencent's president?", "Martin Lau"),
]


@pytest.mark.parametrize(("question", "answer"), PLAIN)
def test_plain_questions_on_the_seeds(
    reader: CascadeReader, seeds: list[Found], question: str, answer: str
) -> None:
    told = [found for found in seeds if answer in found.passage.span.of(found.article.text)]
    reading = reader.read(question, [*told[:1], *[f for f in seeds if f not in told][:4]])
    best = reading.evidence[0]
    assert answer in best.sentence.of(best.article.text)
    marked = best.highlight.of(best.article.text)
    # The span may begin a word earlier ("about") or end one sooner than the answer.
    assert set(marked.split()) & set(answer.split())


def test_what_no_passage_tells_is_less_sure(reader: CascadeReader, seeds: list[Found]) -> None:
    question, answer = PLAIN[0]
    told = [found for found in seeds if answer in found.passage.span.of(found.article.text)]
    passages = [*told[:1], *[found for found in seeds if found not in told][:4]]
    asked = reader.read(question, passages)
    absent = reader.read("Who won the football world cup of 1998?", passages)
    assert absent.confidence < min(asked.confidence, 0.3)
    assert absent.nearness <= asked.nearness


def test_articles_that_disagree_are_both_near(reader: CascadeReader) -> None:
    one = cut("Acme Corp. said on Monday that it will close 12 stores.", "Acme", "a")
    two = cut("Acme Corp. said on Friday that it will close 19 stores.", "Acme", "b")
    reading = reader.read("How many stores will Acme close?", [*one, *two])
    assert {each.article.id for each in reading.nearest} == {"a", "b"}
    told = sorted(each.highlight.of(each.article.text) for each in reading.nearest)
    assert all(number in marked for number, marked in zip(("12", "19"), told, strict=True))


def test_the_second_look_says_something_else(reader: CascadeReader) -> None:
    passages = cut("Acme Corp. said on Monday that it will close 12 stores. It rained.", "Acme")
    scans, first = reader.scan("How many stores will Acme close?", passages)
    assert reader.looks_twice
    assert {scan.margin for scan in scans}.isdisjoint(scan.margin for scan in first)


def test_an_accelerator_reads_the_same(tmp_path: Path) -> None:
    """Its networks, on the processor: in batches what they make of each input alone."""
    folder, models = small_reader(tmp_path / "small", layers=1), tmp_path / "models"
    alone, batched = (
        CascadeReader.load(models, folder, calibrated=False, batch_tokens=tokens)
        for tokens in (1, 10_000)
    )
    passages = [found for i, text in enumerate(WILD) for found in cut(text, id=str(i))]
    some, others = (reader.read("Who ran to Köln?", passages) for reader in (batched, alone))
    assert [e.sentence for e in some.nearest] == [e.sentence for e in others.nearest] != []
    assert some.confidence == pytest.approx(others.confidence, abs=1e-3)


def test_scores_order_passages(reader: CascadeReader) -> None:
    rain = cut("It rained on Tuesday in the hills above the town.", "Rain", "a")
    acme = cut("Acme Corp. said on Monday that it will close 12 stores.", "Acme", "b")
    scores = reader.scores("How many stores will Acme close?", [*rain, *acme])
    assert scores[1] > scores[0]


def test_reading_needs_no_torch(tmp_path: Path) -> None:
    """Neither making the networks nor reading with them."""
    folder = small_reader(tmp_path / "small", layers=1)
    (folder / "calibration.json").write_bytes((WEIGHTS_FOLDER / "calibration.json").read_bytes())
    code = (
        "import sys; from pathlib import Path; from rag.reading.cascade import CascadeReader; "
        "from tests.rag.reading.passages import cut; "
        "reader = CascadeReader.load(Path(sys.argv[1]), Path(sys.argv[2]), threads=1); "
        "assert reader.read('Did it?', cut('It rained.')).evidence; "
        "sys.exit(bool({'torch', 'transformers', 'sklearn'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "models"), str(folder)]
    assert subprocess.run(command, cwd=SEEDS.parent, check=False).returncode == 0
