"""Stories that move on: which state leads, and how the others are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.article import Span
from index.snapshot import Found
from rag import Pullquote, Settings
from rag.answer import Answer
from rag.events import Sentence
from rag.evidence import Evidence, Reading
from rag.query.asked_state import AskedState
from rag.question import Filters
from rag.state_comparison import is_like
from rag.updates import Updates, resolve_updates
from tests.fakes import FakeModels, article

FIRST = "The council of Quillan approved a bridge over the Ash that costs 214 crowns."
SECOND = "The bridge over the Ash at Quillan costs 231 crowns, said Petra Lindholm."
LAST = "Drivers in Quillan will pay tolls, since the new bridge over the Ash costs 249 crowns."
ELSEWHERE = "The bridge of Dorne costs 90 crowns, the mayor Carla Weir said."


ARTICLES = (
    article("first", FIRST, published_at=date(2025, 3, 4)),
    article("second", SECOND, published_at=date(2025, 8, 19)),
    article("last", LAST, published_at=date(2025, 11, 27)),
    article("elsewhere", ELSEWHERE, published_at=date(2026, 1, 1)),
)


class BridgeReader:
    """Every first sentence about the bridge of Quillan answers, with its sum; sure of it as it is
    told to be, and surest of the first article among several."""

    def __init__(self, **confidences: float) -> None:
        self.confidences = confidences

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        found = {hit.article.id: hit.article for hit in passages}
        for id in ("first", "second", "last", "elsewhere"):
            if id in found and (id != "elsewhere" or len(found) == 1):
                text = found[id].text
                start = text.index("crowns") - 4
                sentence = Span(0, text.index(".") + 1)
                confidence = self.confidences.get(id, 0.9)
                evidence = Evidence(found[id], sentence, Span(start, start + 10), confidence)
                return Reading((evidence,), confidence)
        return Reading((), 0.0)


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    settings = Settings(home=tmp_path)
    with Pullquote.open(
        settings=settings, create=True, models=FakeModels(), reader=BridgeReader()
    ) as it:
        it.add_articles(ARTICLES)
        yield it


def cited(answer: Answer) -> list[tuple[str, str]]:
    return [(each.document_id, each.role) for each in answer.citations]


def test_the_newest_leads_and_the_older_follow_with_their_days(pullquote: Pullquote) -> None:
    answer = pullquote.ask("How much does the bridge at Quillan cost?")
    assert cited(answer) == [("last", "answer"), ("second", "earlier"), ("first", "earlier")]
    assert answer.as_of == date(2025, 11, 27)
    words = "Earlier, 19 August 2025 (“231 crowns”, not “249 crowns”):"
    assert answer.answer.startswith(f"{LAST} [1]\n\n{words}\n{SECOND} [2]\n\nEarlier, 4 March 2025")
    assert answer.own_words[0].span.of(answer.answer) == words


def test_the_state_of_a_time_leads_and_the_newest_follows(pullquote: Pullquote) -> None:
    answer = pullquote.ask("How much was the bridge at Quillan to cost at first?")
    assert cited(answer) == [("first", "answer"), ("last", "later")]
    assert "Later, 27 November 2025 (“249 crowns”, not “214 crowns”):" in answer.answer


def test_an_article_that_does_not_answer_by_itself_neither_leads_nor_follows(
    pullquote: Pullquote,
) -> None:
    unsure = Pullquote(pullquote.library, pullquote.settings, BridgeReader(last=0.3))
    answer = unsure.ask("How much does the bridge at Quillan cost?")
    assert cited(answer) == [("second", "answer"), ("first", "earlier")]


def test_a_newer_article_that_almost_answers_is_named(pullquote: Pullquote) -> None:
    unsure = Pullquote(pullquote.library, pullquote.settings, BridgeReader(last=0.4))
    answer = unsure.ask("How much does the bridge at Quillan cost?")
    assert cited(answer) == [("second", "answer"), ("first", "earlier"), ("last", "later")]
    assert answer.answer.startswith("As of ")
    assert "Perhaps later, 27 November 2025 (“249 crowns”, not “231 crowns”):" in answer.answer
    assert answer.as_of == date(2025, 8, 19)
    alone = Pullquote(pullquote.library, pullquote.settings, BridgeReader(second=0.4, last=0.3))
    answer = alone.ask("How much does the bridge at Quillan cost?")
    assert cited(answer) == [("first", "answer"), ("second", "later")]
    # What was at first no newer article says otherwise.
    answer = unsure.ask("How much was the bridge at Quillan to cost at first?")
    assert "Perhaps" not in answer.answer


@pytest.mark.parametrize(
    ("text", "fact", "leads"),
    [
        ("Smoke has harmed the roof more than was known.", "the roof", False),
        ("The fire destroyed the roof, too, it is known now.", "the roof", True),
        ("It was the house of Ada Weir that went.", "Ada Weir", True),
    ],
)
def test_what_else_is_true_of_the_matter_does_not_lead(text: str, fact: str, leads: bool) -> None:
    old_text = "The fire in Moss destroyed four paintings."
    old, new = (
        replace(
            evidence_of(text, fact),
            article=article(f"of-{month}", text, published_at=date(2025, month, 9)),
            score=0.9,
        )
        for text, fact, month in ((old_text, "four paintings", 1), (text, fact, 2))
    )
    updates = resolve_updates(
        "What did the fire in Moss destroy?",
        Reading((old,), 0.9),
        [new.article],
        AskedState(),
        lambda _: Reading((new,), 0.9),
        0.5,
    )
    assert (updates.evidence[0] == new) is leads


@pytest.mark.parametrize(
    ("confidence", "place"), [(0.9, "evidence"), (0.6, "perhaps_later"), (0.4, "")]
)
def test_a_newer_article_without_a_word_of_the_question_has_to_be_sure(
    confidence: float, place: str
) -> None:
    fund = "The fund of Quillan stands at 112 crowns."
    new = replace(
        evidence_of(fund, "112 crowns"),
        article=article("new", fund, published_at=date(2025, 8, 19)),
        score=confidence,
    )
    old = replace(evidence_of(FIRST, "214 crowns"), article=ARTICLES[0], score=0.9)
    updates = resolve_updates(
        "How much does the bridge cost?",
        Reading((old,), 0.9),
        [new.article],
        AskedState(),
        lambda _: Reading((new,), confidence),
        0.5,
    )
    states = {"evidence": updates.evidence[:1], "perhaps_later": updates.perhaps_later}
    assert [name for name, state in states.items() if new in state] == ([place] if place else [])


def test_another_story_is_no_update(pullquote: Pullquote) -> None:
    answer = pullquote.ask("How much does the bridge at Quillan cost?")
    assert "elsewhere" not in {id for id, _ in cited(answer)}


def test_by_setting_the_answer_is_what_the_reader_found(pullquote: Pullquote) -> None:
    settings = pullquote.settings.model_copy(update={"updates": False})
    plain = Pullquote(pullquote.library, settings, BridgeReader())
    answer = plain.ask("How much does the bridge at Quillan cost?")
    assert cited(answer) == [("first", "answer")]
    assert answer.as_of == date(2025, 3, 4)


def test_streamed_it_is_the_same(pullquote: Pullquote) -> None:
    events = list(pullquote.stream("How much does the bridge at Quillan cost?"))
    sentences = [event for event in events if isinstance(event, Sentence)]
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert "".join(sentence.text for sentence in sentences) == answer.answer
    assert [each.text.strip() for each in sentences if each.own] == [
        stretch.span.of(answer.answer) for stretch in answer.own_words
    ]


class DoubtfulReader(BridgeReader):
    """Doubts what it reads of several articles at once, as states of a story that differ make a
    reader doubt."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        reading = super().read(question, passages)
        if len({hit.article.id for hit in passages}) < 2:
            return reading
        return Reading(reading.evidence, 0.1, nearest=reading.evidence)


def test_states_that_make_each_other_doubtful_are_read_by_themselves(pullquote: Pullquote) -> None:
    doubtful = Pullquote(pullquote.library, pullquote.settings, DoubtfulReader())
    answer = doubtful.ask("How much does the bridge at Quillan cost?")
    assert cited(answer) == [("last", "answer"), ("second", "earlier"), ("first", "earlier")]


def test_one_article_that_answers_by_itself_is_not_enough(pullquote: Pullquote) -> None:
    reader = DoubtfulReader(first=0.1, second=0.1)
    answer = Pullquote(pullquote.library, pullquote.settings, reader).ask(
        "How much does the bridge at Quillan cost?"
    )
    assert answer.abstained


@pytest.mark.parametrize(
    ("ids", "is_read"), [(("first",), False), (("first", "second"), False), ((), True)]
)
def test_an_article_is_not_read_alone_where_no_second_could_answer_like_it(
    pullquote: Pullquote, ids: tuple[str, ...], is_read: bool
) -> None:
    singles: list[str] = []

    class CountingReader(DoubtfulReader):
        def read(self, question: str, passages: Sequence[Found]) -> Reading:
            if [hit.article.id for hit in passages] == ["first"]:
                singles.append("first")
            return super().read(question, passages)

    reader = CountingReader(second=0.1, last=0.9)
    asking = Pullquote(pullquote.library, pullquote.settings, reader)
    # "elsewhere" tells another story, and makes the reader doubt what is beside it.
    filters = Filters(article_ids=(*ids, "elsewhere")) if ids else Filters()
    asking.ask("How much does the bridge at Quillan cost?", filters=filters)
    assert bool(singles) == is_read


def test_of_a_time_that_is_named_nothing_else_is_told(pullquote: Pullquote) -> None:
    doubtful = Pullquote(pullquote.library, pullquote.settings, DoubtfulReader())
    assert doubtful.ask("How much did the bridge at Quillan cost in 2019?").abstained


class PlainReader(BridgeReader):
    """Reads no question with a word for a state of the story."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        if "now" in question or "originally" in question:
            return Reading((), 0.0)
        return super().read(question, passages)


def test_words_for_a_state_do_not_keep_an_article_from_answering(pullquote: Pullquote) -> None:
    plain = Pullquote(pullquote.library, pullquote.settings, PlainReader())
    answer = plain.ask("How much will the bridge at Quillan cost now?")
    assert cited(answer)[0] == ("last", "answer")
    answer = plain.ask("How much was the bridge at Quillan originally to cost?")
    assert cited(answer)[0] == ("first", "answer")


def test_an_older_state_is_not_the_one_of_now(pullquote: Pullquote) -> None:
    reader = PlainReader(last=0.1)
    asked = Pullquote(pullquote.library, pullquote.settings, reader)
    assert asked.ask("How much will the bridge at Quillan cost now?").abstained
    answer = asked.ask("How much will the bridge at Quillan cost?")
    assert cited(answer)[0] == ("second", "answer")


def evidence_of(text: str, highlight: str) -> Evidence:
    start = text.index(highlight)
    return Evidence(article("a", text), Span(0, len(text)), Span(start, start + len(highlight)), 1)


@pytest.mark.parametrize(
    ("question", "left", "right", "alike"),
    [
        ("How many hectares burnt?", ("It burnt 5,300 hectares.", "5,300"), "1,200 hectares", True),
        ("How well does it work?", ("It needs four doses.", "four doses"), "64 percent", False),
        (
            "How large is the budget?",
            ("So 4.7 million are left.", "4.7 million"),
            "$6 million",
            True,
        ),
        ("How much is the toll?", ("There is none.", "none"), "12 euros", False),
        ("What toll is paid?", ("There is none.", "none"), "12 euros", True),
        ("Is there a toll?", ("It opens in 12 days.", "12 days"), "12 euros", True),
    ],
)
def test_what_may_answer_one_question(
    question: str, left: tuple[str, str], right: str, alike: bool
) -> None:
    other = evidence_of(f"It was {right}.", right)
    assert is_like(question, evidence_of(*left), other) is alike


class LastingReader(BridgeReader):
    """Marks in every article the same river, best in the first."""

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        reading = super().read(question, passages)
        (best,) = reading.evidence or (None,)
        if best is None:
            return reading
        start = best.article.text.find("Ash")
        if start < 0:
            return Reading((), 0.0)
        evidence = replace(best, highlight=Span(start, start + 3))
        return Reading((evidence,), reading.confidence)


def test_what_has_not_changed_is_quoted_where_it_is_said_best(pullquote: Pullquote) -> None:
    lasting = Pullquote(pullquote.library, pullquote.settings, LastingReader())
    answer = lasting.ask("Which river does the bridge at Quillan cross?")
    assert cited(answer) == [("first", "answer")]


def test_facts_that_are_the_same_are_not_set_against_each_other() -> None:
    old, new = (
        Evidence(
            told, Span(0, len(told.text)), Span(text.index("231"), text.index("231") + 10), 0.9
        )
        for told, text in (
            (article("old", SECOND, published_at=date(2025, 8, 19)), SECOND),
            (article("new", SECOND, published_at=date(2025, 9, 1)), SECOND),
        )
    )
    (aside,) = Updates((new,), earlier=(old,)).asides()
    assert aside.introduction == "Earlier, 19 August 2025:"


def test_what_makes_a_quotation_readable_stays_with_it() -> None:
    lead, first, second = (
        Evidence(told, Span(0, len(told.text)), Span(0, 3), 0.9)
        for told in (
            article("lead", "The toll is 3.", published_at=date(2025, 8, 19)),
            article("first", "It was 2. It rose.", published_at=date(2025, 3, 4)),
            article("second", "It was 1.", published_at=date(2025, 2, 1)),
        )
    )
    context = replace(first, sentence=Span(0, 9), is_context=True)
    asides = Updates((lead,), earlier=(first, second, context)).asides()
    assert [aside.evidence for aside in asides] == [(first, context), (second,)]


@pytest.mark.parametrize(
    ("old", "new", "is_set_apart"),
    [
        (("Seven people died.", "Seven"), ("Nine people died.", "Nine"), True),
        (("The bridge costs 9 crowns.", "9 crowns"), ("It is 8 crowns.", "8 crowns"), True),
        (("Ada Weir leads the bank.", "Ada Weir"), ("Otto Lind leads it.", "Otto Lind"), True),
        (
            ("They ask 7 per cent.", "7 per cent"),
            ("It is 5 per cent in 2 years.", "5 per cent in 2 years"),
            True,
        ),
        # Of other things, two of them, the same name.
        (("Seven people died.", "Seven"), ("Four are missing.", "Four"), False),
        (("Seven people died.", "Seven"), ("Four people are missing.", "Four"), False),
        (("Nine are gone.", "Nine"), ("Two of the nine are back.", "Two of the nine"), False),
        (("It is led by Ada Weir.", "Ada Weir"), ("The chair Ada Weir.", "chair Ada Weir"), False),
    ],
)
def test_only_what_can_be_compared_is_set_apart(
    old: tuple[str, str], new: tuple[str, str], is_set_apart: bool
) -> None:
    earlier, lead = (
        replace(evidence_of(*told), article=article(str(i), told[0], published_at=date(2025, i, 9)))
        for i, told in enumerate((old, new), start=1)
    )
    (aside,) = Updates((lead,), earlier=(earlier,)).asides()
    assert ("not" in aside.introduction) is is_set_apart
