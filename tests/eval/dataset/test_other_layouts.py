from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.dataset import open_dataset
from eval.errors import DatasetError
from index.article import Article

Write = Callable[..., Path]

TEXT = "Snow fell. Rain came."


def beir(write: Write) -> Path:
    write(
        "beir/corpus.jsonl",
        [
            {"_id": "d1", "title": "One", "text": TEXT},
            {"_id": "d2", "title": "Title alone", "text": ""},
        ],
    )
    write(
        "beir/queries.jsonl",
        [{"_id": "q1", "text": "what fell"}, {"_id": "q2", "text": "not judged"}],
    )
    header = "query-id\tcorpus-id\tscore"
    return write("beir/qrels/test.tsv", [header, "q1\td1\t2", "q1\td2\t0"]).parent.parent


def squad(tmp_path: Path, qas: list[dict[str, Any]], version: str | None = "v2.0") -> Path:
    page = {"title": "The_Weather", "paragraphs": [{"context": TEXT, "qas": qas}]}
    path = tmp_path / "dev.json"
    content: dict[str, Any] = {"data": [page]} | ({"version": version} if version else {})
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return path


ANSWERED = {
    "id": "a",
    "question": "What fell?",
    "answers": [{"text": "Snow", "answer_start": 0}, {"text": "Snow", "answer_start": 0}],
}
IMPOSSIBLE = {"id": "b", "question": "Who?", "answers": [], "is_impossible": True}


def test_beir_asks_what_the_split_judges(write_lines: Write) -> None:
    dataset = open_dataset(beir(write_lines))
    (case,) = dataset.cases
    assert (dataset.format, case.id, case.relevance) == ("beir", "q1", {"d1": 2, "d2": 0})
    assert case.gold_doc_ids == ("d1",)
    assert dataset.by_id["d2"].text == "Title alone"


def test_beir_names_the_splits_there_are(write_lines: Write) -> None:
    with pytest.raises(DatasetError, match="the set has test"):
        open_dataset(beir(write_lines), split="train")


def test_beir_missing_gold_document(write_lines: Write) -> None:
    place = beir(write_lines)
    write_lines("beir/qrels/test.tsv", ["q1\td1\t1", "q1\td7\t1"])
    with pytest.raises(DatasetError, match="gold document 'd7'") as caught:
        open_dataset(place)
    assert caught.value.line == 2


def test_squad_2(tmp_path: Path) -> None:
    dataset = open_dataset(squad(tmp_path, [ANSWERED, IMPOSSIBLE]))
    first, second = dataset.cases
    assert dataset.format == "squad 2.0"
    assert first.answers == ("Snow",)
    assert [span.of(dataset.articles[0]) for span in first.gold_spans] == ["Snow"]
    assert (second.answerable, second.kind) == (False, "unanswerable")
    assert dataset.articles[0].title == "The Weather"


def test_squad_1_has_no_version_to_say(tmp_path: Path) -> None:
    assert open_dataset(squad(tmp_path, [ANSWERED], None)).format == "squad 1.1"


@pytest.mark.parametrize(
    ("qas", "said"),
    [
        ([ANSWERED, ANSWERED], "twice"),
        ([{**ANSWERED, "answers": [{"text": "Hail", "answer_start": 0}]}], "reads 'Snow' at 0"),
        ([{**ANSWERED, "answers": [{"text": "Snow", "answer_start": 19}]}], "outside"),
        ([{**ANSWERED, "question": ""}], "is empty"),
    ],
)
def test_squad_errors_name_the_line(tmp_path: Path, qas: list[Any], said: str) -> None:
    path = squad(tmp_path, qas)
    with pytest.raises(DatasetError, match=said) as caught:
        open_dataset(path)
    assert caught.value.line is not None
    assert '"id": "a"' in path.read_text().splitlines()[caught.value.line - 1]


def test_squad_without_answers_field(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="needs 'id', 'question' and 'answers'"):
        open_dataset(squad(tmp_path, [{"id": "a", "question": "What?"}]))


def test_broken_squad_json_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "dev.json"
    path.write_text('{"data": [\n\n oops', encoding="utf-8")
    with pytest.raises(DatasetError) as caught:
        open_dataset(path)
    assert caught.value.line == 3


def test_plain_csv(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(f'question,answer,article\nWhat fell?,Snow,"{TEXT}"\nWho?,,"{TEXT}"\n')
    first, second = (dataset := open_dataset(path)).cases
    assert len(dataset.articles) == 1
    assert [span[1:] for span in first.gold_spans] == [(0, 4)]
    assert (second.answerable, second.kind) == (False, "unanswerable")


def test_plain_jsonl_with_articles_by_id(write_lines: Write) -> None:
    row = {"question": "What fell?", "answer": ["Snow", "Rain"], "article": "w"}
    path = write_lines("mine.jsonl", [row])
    dataset = open_dataset(path, library=lambda: [Article("w", "Weather", TEXT)])
    assert [span.of(dataset.articles[0]) for span in dataset.cases[0].gold_spans] == [
        "Snow",
        "Rain",
    ]


def test_ids_bring_the_whole_library_and_texts_do_not(write_lines: Write) -> None:
    library = [Article("w", "Weather", TEXT), Article("d", "Dry", "Nothing fell.")]
    by_text = {"question": "What fell?", "answer": "Snow", "article": TEXT}
    texts = open_dataset(write_lines("texts.jsonl", [by_text]), library=lambda: library)
    assert [article.text for article in texts.articles] == [TEXT]
    rows = [by_text, {"question": "What fell?", "answer": "", "article": "d"}]
    both = open_dataset(write_lines("both.jsonl", rows), library=lambda: library)
    assert [article.id for article in both.articles][:2] == ["w", "d"]
    assert len(both.articles) == 3


def test_the_library_is_left_alone_where_no_row_can_name_an_id(write_lines: Write) -> None:
    def library() -> list[Article]:
        raise AssertionError("it was opened")

    row = {"question": "What fell?", "answer": "Snow", "article": f"{TEXT}\n\n{TEXT}"}
    assert len(open_dataset(write_lines("mine.jsonl", [row]), library=library)) == 1


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("wether-report", "do you mean weather-report"),
        ("tax", "an id that pullquote list shows, or the article's text"),
    ],
)
def test_an_id_that_is_not_there_is_no_text(write_lines: Write, id: str, said: str) -> None:
    row = {"question": "What fell?", "answer": "Snow", "article": id}
    path = write_lines("mine.jsonl", [row])
    with pytest.raises(DatasetError, match=said) as caught:
        open_dataset(path, library=lambda: [Article("weather-report", "", TEXT)])
    assert caught.value.line == 1


@pytest.mark.parametrize("text", ["Snow fell.", "雪が降った。"])
def test_a_short_text_is_a_text(write_lines: Write, text: str) -> None:
    path = write_lines("mine.jsonl", [{"question": "What?", "answer": "", "article": text}])
    assert [article.text for article in open_dataset(path).articles] == [text]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("question,answer,article\nWhat?,x\n", 2, "fewer fields"),
        ("question,answer,article\nA?,x,y.\nWhat?,x,y.,z\n", 3, "more fields"),
        ("question,article\nWhat?,text.\n", 2, "'answer' is missing"),
        ("question,answer,article\n,x,y.\n", 2, "'question' is empty"),
        ('question,answer,article\n"What?,x,y\n', 2, "broken CSV"),
        ("question,answer,article\nA?,x,\n", 2, "'article' is empty"),
        ("id,question,answer,article\n1,A?,x,y.\n1,B?,x,y.\n", 3, "line 2 already"),
    ],
)
def test_plain_errors_name_the_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=said) as caught:
        open_dataset(path)
    assert caught.value.line == line


def test_a_header_alone_asks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("question,answer,article\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="not one question"):
        open_dataset(path)


def test_unknown_places_say_what_was_expected(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(DatasetError, match="no such file"):
        open_dataset(tmp_path / "nowhere")
    with pytest.raises(DatasetError, match=r"documents\.jsonl"):
        open_dataset(tmp_path)
    with pytest.raises(DatasetError, match=r"ends in \.jsonl"):
        open_dataset(tmp_path / "notes.txt")
