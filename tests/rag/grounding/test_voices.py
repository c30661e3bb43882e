"""Questions for what somebody said are answered by what they said, or by a silence that says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index.article import Span
from index.snapshot import Found
from rag import Pullquote, Settings
from rag.evidence import Evidence, Reading
from rag.grounding.voices import with_claim
from rag.query.speaker_question import find_speaker_question
from tests.fakes import FakeModels, article

STRIKE = article(
    "strike",
    "Drivers in Weiden stopped work over pay, and buses stood still. The strike harms shops, said "
    "Lise Tarn of the chamber. The mayor, Jon Amsel, was on holiday. The union says the strike "
    "goes on.",
)
PLANT = article(
    "plant", "Sunfield will build a plant. Amsel called it “the best news in twenty years”."
)


class OverlapReader:
    """Takes the sentence with most words of the question for the answer, whoever says it; sure of
    it with three, and of the only sentence that it is shown."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        asked = set(question.lower().rstrip("?").split())
        shared = [
            (len(asked & set(span.of(hit.article.text).lower().rstrip(".").split())), hit, span)
            for hit in passages
            for span in hit.passage.sentences
        ]
        ranking = sorted(shared, key=lambda item: -item[0])
        confidence = 0.9 if ranking[0][0] >= 3 or len(ranking) == 1 else 0.2
        evidence = [Evidence(hit.article, span, span, confidence) for _, hit, span in ranking]
        return Reading(tuple(evidence[:1]), confidence, nearest=tuple(evidence[:3]), nearness=0.9)


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    with Pullquote.open(
        settings=Settings(home=tmp_path), create=True, models=FakeModels(), reader=OverlapReader()
    ) as it:
        it.add_articles([STRIKE, PLANT])
        yield it


def test_what_somebody_says_is_theirs(pullquote: Pullquote) -> None:
    answer = pullquote.ask("What does the union say about the strike?")
    assert [cited.cited_text for cited in answer.citations] == [
        "The union says the strike goes on."
    ]
    answer = pullquote.ask("What does Lise Tarn say about the strike that harms shops?")
    assert answer.citations[0].cited_text.endswith("said Lise Tarn of the chamber.")


def test_who_said_nothing_of_it_is_told(pullquote: Pullquote) -> None:
    answer = pullquote.ask("What did Jon Amsel say about the strike in Weiden?")
    assert answer.abstain_reason == "not_in_articles"
    assert answer.missing == "a statement by Jon Amsel"
    assert answer.hint == "No statement by Jon Amsel that was found says “strike” or “Weiden”."
    assert answer.confidence < 0.5
    # What he said is of another matter, and may help; what others said is not his.
    assert [lead.document_id for lead in answer.leads] == ["plant"]


def test_a_lead_is_of_nobody_with_the_same_surname(pullquote: Pullquote) -> None:
    text = "Ada Amsel opened a school. Mrs Amsel said that it was a day to remember."
    pullquote.add_articles([article("school", text)])
    answer = pullquote.ask("What did Jon Amsel say about the strike in Weiden?")
    assert "school" not in [lead.document_id for lead in answer.leads]


def test_what_is_asked_in_a_clause_is_no_subject_of_a_statement(pullquote: Pullquote) -> None:
    answer = pullquote.ask("In Jon Amsel's view, why are shops in Weiden harmed by buses?")
    assert answer.hint == "The articles found have no statement by Jon Amsel."


def test_a_name_that_no_article_has_is_told(pullquote: Pullquote) -> None:
    answer = pullquote.ask("What did Mira Zorbex say about the strike?")
    assert answer.missing == "Mira Zorbex"
    assert answer.hint == "No article names “Mira Zorbex”."


@pytest.mark.parametrize(("words", "abstains"), [("the best news", False), ("a best wish", True)])
def test_who_called_it_so_needs_the_words(pullquote: Pullquote, words: str, abstains: bool) -> None:
    answer = pullquote.ask(f"Who called the plant “{words}” in twenty years?")
    assert answer.abstained is abstains


def test_who_said_is_answered_by_a_statement(pullquote: Pullquote) -> None:
    answer = pullquote.ask("Who said that buses stood still and drivers in Weiden stopped work?")
    assert answer.abstained


class SureReader(OverlapReader):
    """As sure as it is told to be."""

    def __init__(self, confidence: float) -> None:
        self.confidence = confidence

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        reading = super().read(question, passages)
        return replace(reading, confidence=self.confidence)


@pytest.mark.parametrize(
    ("question", "abstains"),
    [
        ("What does the union say about the strike?", False),
        # Without a word of the subject, of another, or asked for more than that.
        ("What does the union say about pay?", True),
        ("What did Jon Amsel say about the strike?", True),
        ("When does the union say the strike ends?", True),
    ],
)
def test_what_is_theirs_and_on_the_subject_is_believed_more(
    pullquote: Pullquote, question: str, abstains: bool
) -> None:
    unsure = Pullquote(pullquote.library, pullquote.settings, SureReader(0.1))
    assert unsure.ask(question).abstained is abstains


def test_by_setting_the_reader_is_taken_at_its_word(pullquote: Pullquote) -> None:
    settings = pullquote.settings.model_copy(update={"speakers": False})
    plain = Pullquote(pullquote.library, settings, SureReader(0.9))
    answer = plain.ask("What did Jon Amsel say about the strike in Weiden?")
    assert not answer.abstained


@pytest.mark.parametrize(("confidence", "abstains"), [(0.9, True), (0.99, False)])
def test_what_another_says_is_believed_less_and_never_ruled_out(
    pullquote: Pullquote, confidence: float, abstains: bool
) -> None:
    reader = SureReader(confidence)
    asked = Pullquote(pullquote.library, pullquote.settings, reader)
    answer = asked.ask("What did Jon Amsel say about the strike in Weiden?")
    assert answer.abstained is abstains
    assert answer.confidence < confidence


def test_who_said_it_has_beside_it_what_they_said(pullquote: Pullquote) -> None:
    named = "Vera Olm said that she was sure of it."
    source = article("anchors", f"{named} “Anchors fall in March,” she said. It was late.")
    pullquote.add_articles([source])
    asked = find_speaker_question("Who said that anchors fall in March?")
    assert asked is not None
    span = Span(0, len(named))
    with pullquote.library.view() as view:
        reading = Reading((Evidence(source, span, Span(0, 8), 0.9),), 0.9)
        evidence = with_claim(view, asked, reading).evidence
    assert [item.sentence.of(source.text) for item in evidence] == [
        named,
        "“Anchors fall in March,” she said.",
    ]
