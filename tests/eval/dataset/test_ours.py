from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.dataset import GoldSpan, open_dataset, open_questions
from eval.errors import DatasetError
from index.article import Article
from index.errors import InputError

Write = Callable[..., Path]

DOCUMENT = {"doc_id": "d1", "title": "One", "text": "Snow fell. Rain came.", "date": "2024-05-06"}
QUESTION: dict[str, Any] = {
    "id": "q1",
    "question": "What fell?",
    "answers": ["Snow"],
    "gold_doc_ids": ["d1"],
    "gold_spans": [["d1", 0, 10]],
    "answerable": True,
}
ALTERNATIVES = {"gold_spans_per_answer": [[["d1", 0, 4]], [["d1", 11, 15]]]}


def texts(of: list[list[str]]) -> dict[str, Any]:
    return {"gold_span_texts_per_answer": of}


def folder(write: Write, questions: list[Any], documents: list[Any] | None = None) -> Path:
    write("set/documents.jsonl", documents or [DOCUMENT])
    return write("set/questions.jsonl", questions).parent


def test_reads_documents_and_questions(write_lines: Write) -> None:
    dataset = open_dataset(folder(write_lines, [QUESTION]))
    (case,) = dataset.cases
    assert (dataset.name, dataset.format) == ("set", "pullquote")
    assert case.evidence == ((GoldSpan("d1", 0, 10),),)
    assert case.relevance == {"d1": 1}
    assert dataset.articles[0].published_at is not None


@pytest.mark.parametrize(
    ("more", "evidence"),
    [
        ({"gold_spans": [["d1", 0, 10], ["d1", 11, 21]]}, (((0, 10), (11, 21)),)),
        (
            {"gold_spans": [["d1", 0, 4], ["d1", 11, 15]], "answer_type": "short"},
            (((0, 4),), ((11, 15),)),
        ),
        (
            {"gold_spans_per_answer": [[["d1", 0, 10]], [["d1", 11, 21]]]},
            (((0, 10),), ((11, 21),)),
        ),
        ({**ALTERNATIVES, **texts([["Snow"], ["Rain"]])}, (((0, 4),), ((11, 15),))),
        ({"gold_span_texts": ["Snow fell."]}, (((0, 10),),)),
        ({"gold_spans": []}, ()),
    ],
)
def test_evidence_is_joint_unless_alternatives_are_named(
    write_lines: Write, more: dict[str, Any], evidence: tuple[Any, ...]
) -> None:
    (case,) = open_dataset(folder(write_lines, [{**QUESTION, **more}])).cases
    assert tuple(tuple(span[1:] for span in spans) for spans in case.evidence) == evidence


def test_history_may_say_text_or_content(write_lines: Write) -> None:
    turns = [{"role": "user", "text": "Hi"}, {"role": "assistant", "content": "Yes?"}]
    (case,) = open_dataset(folder(write_lines, [{**QUESTION, "history": turns}])).cases
    assert [turn.content for turn in case.history] == ["Hi", "Yes?"]
    assert case.kind == "follow_up"


def test_judgements_replace_gold_documents(write_lines: Write) -> None:
    place = folder(write_lines, [QUESTION], [DOCUMENT, {**DOCUMENT, "doc_id": "d2"}])
    write_lines("set/qrels.tsv", ["query-id\tcorpus-id\tscore", "q1\td2\t3", "q1\td1\t-1"])
    (case,) = open_dataset(place).cases
    assert case.relevance == {"d2": 3, "d1": 0}


def test_takes_articles_from_elsewhere(write_lines: Write) -> None:
    path = write_lines("questions.jsonl", [QUESTION])
    dataset = open_questions(path, [Article("d1", "One", DOCUMENT["text"])], name="seeds")
    assert (dataset.name, len(dataset), len(dataset.articles)) == ("seeds", 1, 1)


@pytest.mark.parametrize(
    ("questions", "line", "said"),
    [
        ([QUESTION, '{"id": "q2", '], 2, "broken JSON"),
        ([QUESTION, "[1, 2]"], 2, "expected a JSON object"),
        ([QUESTION, "", QUESTION], 3, "'q1' stands on line 1 already"),
        ([{**QUESTION, "gold_doc_ids": ["d9"]}], 1, "gold document 'd9'"),
        ([{**QUESTION, "gold_spans": [["d9", 0, 4]]}], 1, "document 'd9'"),
        ([{**QUESTION, "gold_spans": [["d1", 11, 99]]}], 1, "11:99, which lies outside"),
        ([{**QUESTION, "gold_spans": [["d1", 4, 4]]}], 1, "lies outside"),
        ([{**QUESTION, "gold_spans": [["d1", "0", 4]]}], 1, "must hold"),
        ([{**QUESTION, "gold_spans": "d1"}], 1, "must be a list"),
        ([{**QUESTION, "gold_span_texts": ["Snow fell"]}], 1, "'Snow fell' and reads 'Snow fell.'"),
        ([{**QUESTION, "gold_span_texts": []}], 1, "one text for each gold span"),
        (
            [{**QUESTION, **ALTERNATIVES, **texts([["Snow"], ["Hail"]])}],
            1,
            "'Hail' and reads 'Rain'",
        ),
        ([{**QUESTION, **ALTERNATIVES, **texts([["Snow"]])}], 1, "one text for each gold span"),
        ([{**QUESTION, **ALTERNATIVES, **texts([["Snow"], []])}], 1, "one text for each gold span"),
        ([{**QUESTION, "answers": [1]}], 1, "list of texts"),
        ([{**QUESTION, "answerable": "no"}], 1, "true or false"),
        ([{**QUESTION, "question": "  "}], 1, "is empty"),
        ([{**QUESTION, "history": [{"role": "judge", "content": ""}]}], 1, "'role'"),
        ([{**QUESTION, "history": ["Hi"]}], 1, "'role'"),
        ([{"question": "No id?"}], 1, "'id' is missing"),
    ],
)
def test_bad_questions_name_file_and_line(
    write_lines: Write, questions: list[Any], line: int, said: str
) -> None:
    place = folder(write_lines, questions)
    with pytest.raises(DatasetError, match=said) as caught:
        open_dataset(place)
    assert isinstance(caught.value, InputError)
    assert caught.value.line == line
    assert str(caught.value).startswith(f"{place / 'questions.jsonl'}:{line}: ")


@pytest.mark.parametrize(
    ("documents", "line", "said"),
    [
        ([DOCUMENT, DOCUMENT], 2, "document id 'd1' stands on line 1 already"),
        ([DOCUMENT, {"doc_id": "d2", "text": " "}], 2, "no text"),
        ([{"title": "no id", "text": "x"}], 1, "'doc_id' is missing"),
        ([DOCUMENT, "nonsense"], 2, "broken JSON"),
    ],
)
def test_bad_documents_name_file_and_line(
    write_lines: Write, documents: list[Any], line: int, said: str
) -> None:
    with pytest.raises(DatasetError, match=said) as caught:
        open_dataset(folder(write_lines, [QUESTION], documents))
    assert caught.value.line == line
    assert caught.value.path.name == "documents.jsonl"


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        (["q1\td1\tmany", "q1\td1\tvery"], 2, "whole grade"),
        (["q1\td9\t1"], 1, "gold document 'd9'"),
        (["q9\td1\t1"], 1, "question 'q9'"),
        (["q1\td1\t1", "q1\td1\t2"], 2, "twice"),
        (["q1\t1"], 1, "tab-separated"),
    ],
)
def test_bad_judgements_name_file_and_line(
    write_lines: Write, lines: list[str], line: int, said: str
) -> None:
    place = folder(write_lines, [QUESTION])
    write_lines("set/qrels.tsv", lines)
    with pytest.raises(DatasetError, match=said) as caught:
        open_dataset(place)
    assert (caught.value.path.name, caught.value.line) == ("qrels.tsv", line)


def test_a_set_without_questions_is_refused(write_lines: Write) -> None:
    with pytest.raises(DatasetError, match="not one question"):
        open_dataset(folder(write_lines, []))


def test_bytes_that_are_not_utf8_are_reported_with_their_line(write_lines: Write) -> None:
    place = folder(write_lines, [QUESTION])
    with (place / "questions.jsonl").open("ab") as file:
        file.write(b'{"id": "\xff"}\n')
    with pytest.raises(DatasetError, match="UTF-8") as caught:
        open_dataset(place)
    assert caught.value.line == 2


def test_a_line_separator_within_a_text_ends_no_line(write_lines: Write) -> None:
    odd = '{"id": "q1", "question": "one\u2028two"}'
    (case,) = open_dataset(folder(write_lines, [odd])).cases
    assert "\u2028" in case.question


def test_split_picks_and_says_what_there_is(write_lines: Write) -> None:
    parts = [{**QUESTION, "split": "dev"}, {**QUESTION, "id": "q2", "split": "test"}]
    place = folder(write_lines, parts)
    assert [case.id for case in open_dataset(place, split="test")] == ["q2"]
    with pytest.raises(DatasetError, match="'dev', 'test'"):
        open_dataset(place, split="train")
