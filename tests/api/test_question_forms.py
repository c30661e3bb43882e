from __future__ import annotations

import pytest

from api.question_forms import Candidate, candidates
from index.article import Article
from index.text.sentences import sentences


def asked(text: str, title: str = "", language: str = "en") -> list[str]:
    article = Article(id="a", title=title, text=text, language=language)
    return [each.question for each in candidates(article, sentences(text, language))]


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        (
            "The Northgate bridge will reopen on 12 June, the council said.",
            "When will the Northgate bridge reopen?",
        ),
        (
            "SiCarrier was founded in 2021 and drew attention, as SiCarrier does.",
            "When was SiCarrier founded?",
        ),
        ("Costa Brisa filed for insolvency in 2021.", "When did Costa Brisa file for insolvency?"),
        (
            "The nursing board has suspended 14 licences so far.",
            "How many licences has the nursing board suspended?",
        ),
        ("The harbour trust raised 5 million euros.", "How much did the harbour trust raise?"),
        (
            "Dou Shen, president of the cloud division at Baidu, said so.",
            "Who is the president of the cloud division at Baidu?",
        ),
    ],
)
def test_a_sentence_is_turned_into_a_question(sentence: str, question: str) -> None:
    assert asked(sentence) == [question]


@pytest.mark.parametrize(
    "sentence",
    [
        # Nobody knows who that is.
        "He was born in 1950.",
        "The report was printed in 1950.",
        "The harbour trust turned it down in March.",
        # What is asked for is not said, or is no object.
        "The harbour trust was late.",
        "Shares of Corvane closed down 5 percent at 12 euros.",
        "The damaged unit will not run before March.",
        "The town council had been told so in 2019.",
        # What is done stands behind the day.
        "The clerk of Harrowby will hand in March the papers over.",
        "Tom Reed, a plumber at Acme, said so.",
    ],
)
def test_a_sentence_of_no_plain_shape_is_left(sentence: str) -> None:
    assert asked(sentence) == []


def test_a_title_that_asks_is_asked() -> None:
    assert asked("Niemand weiß es.", "Wer gewinnt 2030?", "de") == ["Wer gewinnt 2030?"]


def test_other_languages_are_not_turned() -> None:
    assert asked("Costa Brisa filed for insolvency in 2021.", language="de") == []


def test_a_candidate_knows_its_sentence() -> None:
    text = "Rain fell. The Northgate bridge will reopen on 12 June."
    article = Article(id="a", title="", text=text, language="en")
    (only,) = candidates(article, sentences(text))
    assert isinstance(only, Candidate)
    assert only.sentence is not None
    assert only.sentence.of(text) == "The Northgate bridge will reopen on 12 June."
