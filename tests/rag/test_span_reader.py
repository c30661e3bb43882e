"""The trained reader: offsets that hold on any text, files that are checked, plain answers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.article import Article, Passage, Span
from index.errors import ModelError
from index.load import load_paths
from index.passages import cut_passages
from index.sentences import sentences
from index.settings import PassageSettings
from index.view import Found
from rag.pair import PairTokens, sentence_of_token, sentence_windows
from rag.sentence_reader import SentenceReader
from rag.signal_reader import Reading as Weighed
from rag.span_confidence import FEATURES, Calibration, Order, features, wants_account
from rag.span_model import READER_FOLDER, SentenceScan, SpanModel
from rag.span_reader import SpanReader
from tests.fakes import FakeEncoder

SEEDS = Path(__file__).parents[2] / "seeds"
MANIFEST: dict[str, Any] = {"max_tokens": 64}


def passages_of(text: str, title: str = "", id: str = "a") -> list[Found]:
    article = Article(id, title, text)
    cut = cut_passages(text, sentences(text), PassageSettings())
    return [
        Found(article, Passage(i, id, i, Span(run[0].start, run[-1].end), run))
        for i, run in enumerate(cut)
    ]


@pytest.fixture(scope="module")
def reader() -> SpanReader:
    return SpanReader.load(threads=1)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(READER_FOLDER / "tokenizer.json"))


class Pointing:
    """A session that points at the tokens of given ids: start at one, end at the other."""

    def __init__(self, start: int, end: int) -> None:
        self.start, self.end = start, end
        self.longest = 0

    def run(self, names: list[str], feed: dict[str, Any]) -> list[Any]:
        ids = feed["ids"]
        self.longest = max(self.longest, ids.shape[1])
        logits = np.zeros((*ids.shape, 3), np.float32)
        logits[..., 0] = 5.0 * (ids == self.start)
        logits[..., 1] = 5.0 * (ids == self.end)
        return [logits]


WILD = [
    "👩‍👩‍👧‍👦 cried: the zebra ran to Köln. Then rain fell.",
    "Cafe\u0301 ne\u0301e \u200bthe zebra ran to Köln\ufeff at\u00a0noon. Then rain fell.",
    "東京は the zebra ran to Köln です。 Then 🇩🇪 fell.",
    "İstanbul ﬁnds ẞ the zebra ran to Köln. Then \U0001f9ff rain fell.",
    "\u202eabc\u202c a\u0300\u0301\u0302b the zebra ran to Köln. x" * 3,
]


@pytest.mark.parametrize("text", WILD)
def test_a_span_is_the_articles_own_characters(text: str, tokenizer: Tokenizer) -> None:
    session = Pointing(_id(tokenizer, "zebra"), _id(tokenizer, "koln"))
    model = SpanModel(session, tokenizer, MANIFEST)
    best = max(model.scan("Where did it run?", passages_of(text)), key=lambda scan: scan.margin)
    assert best.margin == 10.0
    assert best.span.of(text) == "zebra ran to Köln"


def test_a_passage_beyond_the_limit_is_read_in_windows(tokenizer: Tokenizer) -> None:
    text = "The rain fell on the town again. " * 40 + "A zebra ran to Köln. " + "It was so. " * 40
    session = Pointing(_id(tokenizer, "zebra"), _id(tokenizer, "koln"))
    model = SpanModel(session, tokenizer, MANIFEST)
    spans = tuple(sentences(text))
    whole = Found(Article("a", "", text), Passage(0, "a", 0, Span(0, spans[-1].end), spans))
    scans = model.scan("Where?", [whole])
    assert [scan.sentence for scan in scans] == list(range(len(spans)))
    assert max(scans, key=lambda scan: scan.margin).span.of(text) == "zebra ran to Köln"
    assert session.longest <= 64


def test_a_sentence_beyond_the_limit_is_cut(tokenizer: Tokenizer) -> None:
    session = Pointing(0, 0)
    model = SpanModel(session, tokenizer, MANIFEST)
    assert len(model.scan("Where?", passages_of("so it went " * 60))) == 1
    assert session.longest == 64


def _id(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    assert number is not None
    return number


@given(st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_token_offsets_are_in_order_and_inside(text: str) -> None:
    tokens = PairTokens(Tokenizer.from_file(str(READER_FOLDER / "tokenizer.json")))
    ids, offsets = tokens.tokens(text)
    assert len(ids) == len(offsets)
    assert ((offsets >= 0) & (offsets <= len(text))).all()
    assert (np.diff(offsets[:, 0]) >= 0).all()


@given(st.lists(st.integers(0, 30), max_size=40), st.integers(1, 60))
def test_windows_hold_every_sentence_within_the_budget(sizes: list[int], budget: int) -> None:
    runs = sentence_windows(sizes, budget)
    assert {i for first, last in runs for i in range(first, last)} == set(range(len(sizes)))
    for first, last in runs:
        assert last - first == 1 or sum(sizes[first:last]) <= budget


def test_a_token_between_sentences_belongs_to_none() -> None:
    offsets = np.array([[0, 3], [4, 6], [6, 7], [8, 9]])
    assert sentence_of_token(offsets, [(0, 3), (6, 9)]).tolist() == [0, -1, 1, 1]


def test_nothing_to_read_is_no_answer(reader: SpanReader) -> None:
    assert reader.read("Who?", []).confidence == 0.0
    silent = Found(Article("a", "T", "\u200b\ufeff"), Passage(0, "a", 0, Span(0, 1), (Span(0, 1),)))
    assert reader.read("Who?", [silent]).evidence == ()


@given(question=st.text(max_size=60), text=st.text(min_size=1, max_size=150))
@settings(max_examples=40, deadline=None)
def test_any_text_gives_spans_in_their_sentences(
    reader: SpanReader, question: str, text: str
) -> None:
    reading = reader.read(question, passages_of(text, title=text[:20]))
    assert 0.0 <= reading.confidence <= 1.0
    for each in reading.evidence:
        assert each.sentence.start <= each.highlight.start < each.highlight.end
        assert each.highlight.end <= each.sentence.end <= len(text)
        assert 0.0 <= each.score <= 1.0


@pytest.mark.parametrize("name", ["reader.onnx", "tokenizer.json"])
def test_a_changed_or_missing_file_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(READER_FOLDER, folder)
    with (folder / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match=name):
        SpanReader.load(folder)
    (folder / name).unlink()
    with pytest.raises(ModelError, match=name):
        SpanReader.load(folder)


def test_a_calibration_of_something_else_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(READER_FOLDER, folder)
    (folder / "calibration.json").write_text('{"calibration": {}}')
    with pytest.raises(ModelError, match=r"calibration\.json"):
        SpanReader.load(folder)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"manifest\.json"):
        SpanReader.load(tmp_path)
    (tmp_path / "manifest.json").write_text("[]")
    with pytest.raises(ModelError, match="no reader's manifest"):
        SpanReader.load(tmp_path)
    (tmp_path / "manifest.json").write_text(json.dumps({"format": 99, "files": {}}))
    with pytest.raises(ModelError, match="format 99"):
        SpanReader.load(tmp_path)


@pytest.fixture(scope="module")
def seeds() -> list[Found]:
    loaded = load_paths([SEEDS], max_chars=1_000_000)
    articles = [each for each in loaded if isinstance(each, Article)]
    return [found for a in articles for found in passages_of(a.text, a.title, a.id)]


PLAIN = [
    ("How much does Alibaba intend to spend on cloud computing and AI?", "380 billion RMB"),
    ("How many RMB does Alibaba intend to spend on AI?", "380 billion RMB"),
    ("What were China's chip imports worth in 2024?", "$385 billion"),
    ("Who is the chief executive of Nvidia?", "Jensen Huang"),
    ("Who is Tencent's president?", "Martin Lau"),
]


@pytest.mark.parametrize(("question", "answer"), PLAIN)
def test_plain_questions_on_the_seeds(
    reader: SpanReader, seeds: list[Found], question: str, answer: str
) -> None:
    told = [found for found in seeds if answer in found.passage.span.of(found.article.text)]
    reading = reader.read(question, [*told[:1], *[f for f in seeds if f not in told][:4]])
    best = reading.evidence[0]
    assert answer in best.sentence.of(best.article.text)
    assert best.highlight.of(best.article.text) in answer or answer in best.highlight.of(
        best.article.text
    )


def test_what_no_passage_tells_is_less_sure(reader: SpanReader, seeds: list[Found]) -> None:
    asked = reader.read(PLAIN[0][0], seeds[:5]).confidence
    absent = reader.read("Who won the football world cup of 1998?", seeds[:5]).confidence
    assert absent < min(asked, 0.3)


def test_articles_that_disagree_are_both_quoted(reader: SpanReader) -> None:
    one = passages_of("Acme Corp. said on Monday that it will close 12 stores.", "Acme", "a")
    two = passages_of("Acme Corp. said on Friday that it will close 19 stores.", "Acme", "b")
    reading = reader.read("How many stores will Acme close?", [*one, *two])
    assert {each.article.id for each in reading.evidence} == {"a", "b"}
    told = {each.highlight.of(each.article.text) for each in reading.evidence}
    assert told == {"12", "19"}


def test_signals_of_its_own_passage_decide_whether_another_answer_is_quoted() -> None:
    class Doubting(SentenceReader):
        """Sure of all passages together; of one alone as sure as it is told to be."""

        alone = 0.999

        def weigh(self, question: str, passages: Sequence[Found]) -> Weighed:
            weighed = super().weigh(question, passages)
            return replace(weighed, probability=0.999 if len(passages) > 1 else self.alone)

    one = passages_of("Acme Corp. said on Monday that it will close 12 stores.", "Acme", "a")
    two = passages_of("Acme Corp. said on Friday that it will close 19 stores.", "Acme", "b")
    quoted = []
    for alone in (0.999, 0.000001):
        signals = Doubting(FakeEncoder())
        signals.alone = alone
        reader = SpanReader.load(threads=1, signals=signals)
        reading = reader.read("How many stores will Acme close?", [*one, *two])
        quoted.append({each.article.id for each in reading.evidence})
    assert quoted[0] == {"a", "b"}
    assert len(quoted[1]) == 1


def test_the_same_answer_twice_is_quoted_once(reader: SpanReader) -> None:
    one = passages_of("Acme Corp. said on Monday that it will close 12 stores.", "Acme", "a")
    two = passages_of("On Monday Acme Corp. announced to close 12 stores.", "Acme", "b")
    assert len(reader.read("How many stores will Acme close?", [*one, *two]).evidence) == 1


def test_scores_order_passages(reader: SpanReader) -> None:
    rain = passages_of("It rained on Tuesday in the hills above the town.", "Rain", "a")
    acme = passages_of("Acme Corp. said on Monday that it will close 12 stores.", "Acme", "b")
    scores = reader.scores("How many stores will Acme close?", [*rain, *acme])
    assert scores[1] > scores[0]


def test_reading_needs_no_torch() -> None:
    code = (
        "import sys; from rag.span_reader import SpanReader; SpanReader.load(threads=1); "
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=SEEDS.parent, check=False)
    assert done.returncode == 0


def test_a_calibration_is_a_probability() -> None:
    rest = (0.0,) * (len(FEATURES) - 1)
    calibration = Calibration(Order(), Order(), (1.0, *rest), 0.0)
    assert calibration.probability((0.0, *rest)) == 0.5
    assert 0.0 <= calibration.probability((-1e9, *rest)) < 1e-9


def test_signals_are_computed_only_for_a_calibration_that_hears_them() -> None:
    calls: list[str] = []

    class Listening(SentenceReader):
        def weigh(self, question: str, passages: Sequence[Found]) -> Weighed:
            calls.append(question)
            return super().weigh(question, passages)

    signals, model = Listening(FakeEncoder()), SpanModel.load(threads=1)
    passages = passages_of("Acme closed 12 stores. It rained.", "Acme")
    rest = (0.0,) * (len(FEATURES) - 1)
    deaf = Calibration(Order(), Order(), (1.0, *rest), 0.0)
    SpanReader(model, deaf, signals).read("How many stores?", passages)
    assert calls == []
    hears = Calibration(Order(signal=2.0), Order(), (1.0, *rest), 0.0)
    SpanReader(model, hears, signals).read("How many stores?", passages)
    assert calls == ["How many stores?"]


def test_a_signal_can_put_another_sentence_first() -> None:
    low, high = (SentenceScan(0, i, Span(0, 4), 1.0 - i, 0.0, signal=float(i)) for i in (0, 1))
    assert Order().best([low, high]) is low
    assert Order(signal=2.0).best([low, high]) is high


def test_words_that_the_passage_lacks_are_counted() -> None:
    (found,) = passages_of("Acme will close 12 stores in Spain.", "Acme")
    scan = SentenceScan(0, 0, Span(0, 4), 3.0, 1.0)
    values = features("Will Acme close stores in Peru?", scan, [scan], [found])
    assert dict(zip(FEATURES, values, strict=True)) == {
        "margin": 3.0,
        "evidence": 1.0,
        "passages": 0.0,
        "lead": 0.0,
        "words_missing": 0.25,
        "names_missing": 0.5,
        "name_instead": 1.0,
        "figure_instead": 0.0,
        "opposite": 0.0,
        "signal": 0.0,
        "sure": 0.0,
    }


@pytest.mark.parametrize(
    ("question", "account"),
    [
        ("Why did it rain?", True),
        ("What did Lau say about chips?", True),
        ("Who is Lau?", False),
        ("How many GPUs are there?", False),
    ],
)
def test_which_questions_want_an_account(question: str, account: bool) -> None:
    assert wants_account(question) is account


def test_without_signals_the_network_is_calibrated_alone(reader: SpanReader) -> None:
    both = Calibration.load(READER_FOLDER / "calibration.json")
    assert both.hears_signals
    assert not reader.calibration.hears_signals
    assert reader.calibration.intercept != both.intercept
