"""Quotations that cannot be read alone: what "It" means in brackets, or the sentence before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from index.article import Span
from index.snapshot import Found
from index.text.sentences import sentences
from rag import Pullquote, Settings
from rag.answer import Answer, Citation
from rag.citing.antecedents import find_antecedent, refers_back
from rag.citing.markers import AnswerBuilder
from rag.evidence import Antecedent, Evidence, Reading
from tests.fakes import FakeModels, article


class StartReader:
    """Takes the sentence for the answer that begins as it is told."""

    def __init__(self, start: str) -> None:
        self.start = start

    def read(self, question: str, passages: Sequence[Found]) -> Reading:
        for hit in passages:
            for span in hit.passage.sentences:
                if span.of(hit.article.text).startswith(self.start):
                    highlight = Span(span.end - 5, span.end - 1)
                    return Reading((Evidence(hit.article, span, highlight, 0.9),), 0.9)
        return Reading((), 0.0)


FERRY = article(
    "ferry",
    "Ada Lind has steered the ferry for years. She warned of ice. “Nobody listens to her.” The "
    "ferry sank.",
)
CHIPS = article(
    "chips",
    "SiCarrier showed its tools in March. The company has 900 workers. Neither would be named. "
    "It is owned by the town of Weiden.",
)
HEARING = article(
    "hearing",
    "CHAIR: Who owns the ferry?\n\nADA LIND: Why ask? It sank. The wreck is nobody’s.\n\n"
    "CHAIR: Who pays?\n\nADA LIND: Nobody.",
)


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    with Pullquote.open(
        settings=Settings(home=tmp_path), create=True, models=FakeModels(), reader=StartReader("")
    ) as it:
        it.add_articles([CHIPS, FERRY, HEARING])
        yield it


def ask(pullquote: Pullquote, start: str) -> Answer:
    reader = StartReader(start)
    return Pullquote(pullquote.library, pullquote.settings, reader).ask("Who owns SiCarrier?")


def test_what_the_company_is_stands_in_brackets(pullquote: Pullquote) -> None:
    answer = ask(pullquote, "The company")
    assert answer.answer == "[SiCarrier] has 900 workers. [1]"
    (citation,) = answer.citations
    assert citation.cited_text == "The company has 900 workers."
    assert citation.span.of(CHIPS.text) == citation.cited_text
    antecedent = citation.antecedent
    assert antecedent is not None
    assert (antecedent.word, antecedent.name) == ("The company", "SiCarrier")
    assert answer.answer[antecedent.start_index : antecedent.end_index] == "[SiCarrier]"
    assert CHIPS.text[antecedent.start_char_index : antecedent.end_char_index] == "SiCarrier"
    assert [own.span.of(answer.answer) for own in answer.own_words] == ["[SiCarrier]"]


def test_a_bare_quotation_has_its_speaker_before_it(pullquote: Pullquote) -> None:
    answer = ask(pullquote, "“Nobody")
    assert answer.answer == (
        "Ada Lind has steered the ferry for years. [1] She warned of ice. [2] “Nobody listens to "
        "her.” [3]"
    )


@pytest.mark.parametrize(
    ("start", "answer"),
    [
        ("The wreck", "ADA LIND: Why ask? [1] […] The wreck is nobody’s. [2]"),
        ("ADA LIND: Nobody", "CHAIR: Who pays? [1] ADA LIND: Nobody. [2]"),
    ],
)
def test_a_turn_has_its_speaker_before_it(pullquote: Pullquote, start: str, answer: str) -> None:
    assert ask(pullquote, start).answer == answer


def test_where_that_is_not_sure_the_sentence_before_is_quoted_too(pullquote: Pullquote) -> None:
    answer = ask(pullquote, "Neither")
    assert [(cited.role, cited.cited_text.split()[0]) for cited in answer.citations] == [
        ("context", "The"),
        ("answer", "Neither"),
    ]
    assert answer.answering == answer.citations[1:]
    # What the context's own first words mean stands in brackets there.
    assert answer.answer.startswith("[SiCarrier] has 900 workers. [1] Neither")


def test_other_words_than_the_cited_ones_are_refused() -> None:
    start = CHIPS.text.index("It is")
    span, name = Span(start, len(CHIPS.text)), Span(0, 9)
    text = "[SiCarrier] was sold by the town of Weiden. [1]"
    citation = Citation(
        CHIPS,
        span,
        span,
        Span(0, 43),
        Span(44, 47),
        1,
        0,
        antecedent=Antecedent(Span(start, start + 2), name),
    )
    with pytest.raises(ValueError, match="other words"):
        Answer(question="Who?", answer=text, confidence=0.9, citations=(citation,))


def bracketed(text: str) -> str | None:
    """What stands in brackets for the last sentence's word that refers back."""
    spans = sentences(text)
    antecedent = find_antecedent(text, spans, len(spans) - 1)
    return antecedent.brackets(text) if antecedent else None


def test_the_company_is_named() -> None:
    assert (
        bracketed("Amsel Group sold its mill in May. The firm has 900 workers.") == "[Amsel Group]"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Jon Amsel met Paula Reik. She left.",
        "Kvantum and Mavo built a bridge. It is long.",
        "They went to New Talvik. He left.",
        "Petra Lindholm opened the bridge. It is long.",
        "Amsel Group sold its mill in May. It was raining.",
    ],
)
def test_what_is_not_certain_has_no_brackets(text: str) -> None:
    assert bracketed(text) is None


def refers(text: str) -> bool:
    spans = sentences(text)
    return refers_back(text, "", spans, len(spans) - 1)


@pytest.mark.parametrize(
    "sentence",
    [
        "It has 900 workers.",
        "But she refused.",
        "Neither would be named.",
        "He added that it was late.",
        "“We lost it all,” he said.",
        "A bridge, he added, was the answer.",
        "The company is rich.",
        "That is too much.",
        "The two will meet.",
        "About 90 jobs will go there.",
        "There the marshes have shrunk by half.",
        "Villagers there took the news calmly.",
        "The maker is rich.",
        "Bera Mills would not comment on that.",
        "The first was paid for by the town.",
        "The others have since left.",
        "A new one, two metres higher, is to be built.",
    ],
)
def test_what_refers_back(sentence: str) -> None:
    assert refers(f"Somebody came to the town of Weiden. {sentence}")


@pytest.mark.parametrize(
    "sentence",
    [
        "It is likely that prices will rise.",
        "It took crews two hours to clear the road.",
        "The first bridge was built of wood.",
        "The last of them was found.",
        "This week the shop is shut.",
        "The police were there.",
        "The maker of these lamps is rich.",
        "The company that built the weir is rich.",
        "Weiden has 900 people.",
        "Weiden grew after that.",
        "Bera Mills has half of that.",
        "Lena Voss would stay, she said.",
        "There remained 900 people.",
        "There would soon be no bakery.",
        "Lena Voss moved to Ardby and opened a bakery there.",
        "Officials say there's nothing left.",
        "The mayor wanted “light that one can see”, but they left it dark.",
    ],
)
def test_what_stands_alone(sentence: str) -> None:
    assert not refers(f"Somebody came to the town of Weiden. {sentence}")


@pytest.mark.parametrize(
    ("mode", "roles"), [("sentence", ["context", "answer"]), ("off", ["answer"])]
)
def test_the_setting_decides(pullquote: Pullquote, mode: str, roles: list[str]) -> None:
    settings = pullquote.settings.model_copy(update={"readability": mode})
    reader = StartReader("The company has")
    answer = Pullquote(pullquote.library, settings, reader).ask("How many workers has it?")
    assert [citation.role for citation in answer.citations] == roles
    assert answer.own_words == ()


def test_brackets_stand_where_the_word_stood(pullquote: Pullquote) -> None:
    text = CHIPS.text
    at = text.index("is owned")
    sentence = Span(text.index("It is"), len(text))
    antecedent = Antecedent(Span(at, at + 2), Span(0, 9))
    builder = AnswerBuilder()
    list(builder.quote([Evidence(CHIPS, sentence, sentence, 0.9, antecedent=antecedent)]))
    answer = Answer(
        question="Who?",
        answer=builder.text,
        confidence=0.9,
        citations=tuple(builder.citations),
        own_words=tuple(builder.own_words),
    )
    assert answer.answer == "It [SiCarrier] owned by the town of Weiden. [1]"
    (own,) = answer.own_words
    assert own.span.of(answer.answer) == "[SiCarrier]"


def test_a_sentence_that_stands_alone_has_no_context(pullquote: Pullquote) -> None:
    assert [cited.role for cited in ask(pullquote, "SiCarrier").citations] == ["answer"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Both the captain and the mate were saved.",
        "Both boys and girls wear grey.",
        "Neither the owner nor the insurer would comment.",
        "Both engines had failed.",
        "That the line was built in two years is a wonder.",
        "That said, wages rose too.",
        "That night 300 people slept on board.",
        "Such losses as these were unknown.",
    ],
)
def test_determiners_and_conjunctions_refer_to_nothing(sentence: str) -> None:
    assert not refers(f"The tug Bera sank off Harn. {sentence}")


@pytest.mark.parametrize(
    "sentence", ["Both were saved.", "Both laughed at it and left.", "That angers the port."]
)
def test_the_same_words_alone_do(sentence: str) -> None:
    assert refers(f"The tug Bera sank off Harn. {sentence}")


def test_the_sentence_that_names_it_is_quoted_once(pullquote: Pullquote) -> None:
    pullquote.add_articles(
        [
            article(
                "tug",
                "The tug Bera sank off Harn in May. Nobody was hurt. It was built in Gdansk.",
            )
        ]
    )
    answer = ask(pullquote, "It was built")
    assert [cited.cited_text.split()[1] for cited in answer.citations] == ["tug", "was"]
    assert "[1] […] It was built" in answer.answer


def test_what_refers_back_itself_does_not_say_who_she_is(pullquote: Pullquote) -> None:
    pullquote.add_articles(
        [
            article("one", "Ada Lind steers. She warned of ice. She rang. She left at noon."),
            article("two", "It rained. She warned of ice. She rang. She stayed till noon."),
        ]
    )
    assert ask(pullquote, "She left").citations[0].cited_text == "Ada Lind steers."
    assert len(ask(pullquote, "She stayed").citations) == 1


@pytest.mark.parametrize(
    ("break_", "context"),
    [("\n\n", "The broker Jon Tiel sold his shares."), (" ", "Bera Mills paid less.")],
)
def test_the_paragraph_before_is_not_meant(pullquote: Pullquote, break_: str, context: str) -> None:
    text = f"Bera Mills paid less.{break_}The broker Jon Tiel sold his shares. It fell by half."
    pullquote.add_articles([article("mills", text, title="Bera Mills")])
    assert [cited.cited_text for cited in ask(pullquote, "It fell").citations] == [
        context,
        "It fell by half.",
    ]


def test_what_speaks_of_nobody_does_not_say_who_she_is(pullquote: Pullquote) -> None:
    text = "Ada Lind sold the mill. It closed. There will be 46 flats. Her father built it."
    pullquote.add_articles([article("flats", text)])
    assert len(ask(pullquote, "Her father").citations) == 1


def test_no_company_is_whoever_is_of_one() -> None:
    text = "Lena Brand of Kelm Bank called it a hope. Priya Nair of Castell cut her target."
    assert bracketed(f"{text} The company has 900 workers.") is None


def test_no_brackets_are_taken_from_the_paragraph_before() -> None:
    assert bracketed("Amsel Group sold its mill.\n\nIt rained all day. The firm grew.") is None
    assert bracketed("Amsel Group sold its mill. It rained all day. The firm grew.") is not None
