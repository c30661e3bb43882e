"""A silence helps: other languages, empty libraries, names of publishers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.text.language import unread_language
from rag import Filters, Pullquote, Settings
from rag.query.absent_words import absent_words
from rag.silence import explain_silence
from tests.fakes import FakeModels, article
from tests.rag.test_parts import HeadReader

ENGLISH_ENCODER = "all-MiniLM-L6-v2"


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    with Pullquote.open(
        settings=Settings(home=tmp_path), create=True, models=FakeModels(), reader=HeadReader()
    ) as it:
        yield it


def test_an_empty_library_says_how_to_add(pullquote: Pullquote) -> None:
    answer = pullquote.ask("Who heads Halden Grain?")
    assert answer.abstain_reason == "empty_library"
    assert "pullquote add" in (answer.hint or "")


def test_a_question_in_a_language_that_is_not_read_says_so(pullquote: Pullquote) -> None:
    pullquote.add_articles([article("halden", "Otto Brand heads Halden Grain.")])
    answer = pullquote.ask("Wer leitet heute die Mühlen von Halden und wie lange schon?")
    assert answer.abstain_reason == "not_in_articles"
    assert answer.hint is not None
    assert answer.hint.startswith("The question seems to be in German, and the encoder all-MiniLM")
    assert "German" not in (pullquote.ask("Who heads Aldan Bank?").hint or "")


@pytest.mark.parametrize("question", ["Who is the mayor of Almarza?", "¿Quién manda en Almarza?"])
def test_articles_in_a_language_that_is_not_read_say_so(
    pullquote: Pullquote, question: str
) -> None:
    text = "El alcalde de Almarza, Tomás Rueda, cortará el agua desde el lunes por la noche."
    pullquote.add_articles([article("sequia", text, language="es")])
    answer = pullquote.ask(question)
    assert answer.abstained
    assert answer.missing is None
    assert answer.hint is not None
    assert answer.hint.startswith("The article found first is in Spanish, and the encoder all-Mini")


def test_what_filters_hide_is_named_beside_the_language(pullquote: Pullquote) -> None:
    text = "El alcalde de Almarza, Tomás Rueda, cortará el agua desde el lunes por la noche."
    pullquote.add_articles([article("sequia", text, language="es")])
    with pullquote.library.view() as view:
        silence = explain_silence(
            view, "Who leads?", elsewhere="Elsewhere.", encoder=ENGLISH_ENCODER, language="es"
        )
    assert silence.hint is not None
    assert silence.hint.startswith("Elsewhere. The article found first is in Spanish")


def test_the_author_of_an_article_is_known(pullquote: Pullquote) -> None:
    pullquote.add_articles([article("lawns", "Lawns are dull.", author="Orla Fenwick")])
    answer = pullquote.ask("Which lawns does Orla Fenwick mow?")
    assert answer.abstained
    assert "names “Orla Fenwick”." not in (answer.hint or "")
    assert pullquote.ask("Which lawns does Hugh Weir mow?").missing == "Hugh Weir"


def test_what_is_compared_is_missed_in_words_of_the_sides(pullquote: Pullquote) -> None:
    pullquote.add_articles([article("halden", "Otto Brand and Freya Munk met at Halden.")])
    answer = pullquote.ask("Which of Otto Brand and Freya Munk snores longer?")
    assert answer.abstained
    assert answer.missing == "snore"


def test_by_setting_a_silence_has_no_hint(pullquote: Pullquote) -> None:
    pullquote.add_articles([article("halden", "Otto Brand heads Halden Grain.")])
    settings = pullquote.settings.model_copy(update={"hints": False})
    silent = Pullquote(pullquote.library, settings, HeadReader())
    for question in ("Who heads Aldan Bank?", "Wer leitet heute die Mühlen von Halden?"):
        assert pullquote.ask(question).hint
        answer = silent.ask(question)
        assert answer.abstain_reason == "not_in_articles"
        assert answer.hint is None
        assert answer.missing is None


@pytest.mark.parametrize(
    ("question", "encoder", "language"),
    [
        ("Ποιος διευθύνει τους μύλους της πόλης;", ENGLISH_ENCODER, "el"),
        ("Qui dirige aujourd'hui les moulins de la ville ?", ENGLISH_ENCODER, "fr"),
        ("Qui dirige aujourd'hui les moulins de la ville ?", "multilingual-e5-small", None),
        ("Who directs les moulins de la ville?", ENGLISH_ENCODER, None),
        ("Otto Brand Halden", ENGLISH_ENCODER, None),
    ],
)
def test_only_what_is_surely_unread(question: str, encoder: str, language: str | None) -> None:
    assert unread_language(question, encoder) == language


def test_one_unknown_publisher_of_two_is_told(pullquote: Pullquote) -> None:
    pullquote.add_articles(
        [
            article("halden", "Otto Brand heads Halden Grain.", publisher="The Wire"),
            article("corvin", "Freya Munk heads Corvin Mills.", publisher="Post"),
        ]
    )
    filters = Filters(publisher=("post", "THE WYRE"))
    answer = pullquote.ask("Who heads Aldan Bank?", filters=filters)
    assert answer.hint is not None
    assert "“THE WYRE”; did you mean “The Wire”?" in answer.hint


def test_a_timeline_without_days_says_what_is_wanting(pullquote: Pullquote) -> None:
    pullquote.add_articles([article("halden", "Otto Brand heads Halden Grain.", title="Halden")])
    answer = pullquote.ask("Halden Grain", timeline=True)
    assert answer.abstained
    assert answer.hint == "A timeline needs days of publication, and “Halden” has none."
    assert "days of publication" not in (pullquote.ask("Who sold Aldan Bank?").hint or "")


def test_what_is_said_of_another_number_is_a_lead_and_no_answer(pullquote: Pullquote) -> None:
    pullquote.add_articles([article("gates", "Keeper Brand opened Gate 7 of the lock.")])
    assert pullquote.ask("Who opened Gate 7 of the lock?").citations
    silence = pullquote.ask("Who opened Gate 8 of the lock?")
    assert silence.abstain_reason == "not_in_articles"
    assert [lead.cited_text for lead in silence.leads] == [
        "Keeper Brand opened Gate 7 of the lock."
    ]


def test_numbers_are_not_compared_where_that_is_switched_off(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, designations=False)
    with Pullquote.open(
        settings=settings, create=True, models=FakeModels(), reader=HeadReader()
    ) as it:
        it.add_articles([article("gates", "Keeper Brand opened Gate 7 of the lock.")])
        assert it.ask("Who opened Gate 8 of the lock?").citations


def test_a_word_that_the_articles_about_it_lack_is_told(pullquote: Pullquote) -> None:
    pullquote.add_articles(
        [
            article("halden", "Otto Brand heads Halden Grain. He joined it as a miller."),
            article("corvin", "Freya Munk resigned from Corvin Mills."),
        ]
    )
    answer = pullquote.ask("Why has Otto Brand resigned?")
    assert answer.missing == "resigned"
    assert answer.hint == "No article found that names “Otto Brand” says “resigned”."
    told = pullquote.ask("I like mills. Why has Otto Brand resigned?")
    assert told.missing == "resigned"
    told = pullquote.ask("My gran likes mills: why on earth has Otto Brand resigned?")
    assert told.missing == "resigned"
    assert pullquote.ask("Why has Otto Brand joined?").missing is None


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Why did Weir resign?", ["resign"]),
        ("How many people were killed by Weir?", ["killed"]),
        ("When did Weir lose the vote?", []),
        ("Why did Weir apply in 2019?", []),
        ("What was Weir originally appointed for?", ["appointed"]),
        ("Is anybody at Weir still true to the vote?", []),
    ],
)
def test_which_words_no_text_has(question: str, words: list[str]) -> None:
    assert absent_words(question, ["Weir applied for the post and lost a vote."]) == words
