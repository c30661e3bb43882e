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
from rag.citing.antecedents import find_antecedent
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


CHIPS = article(
    "chips",
    "SiCarrier showed its tools in March. It is owned by the town of Weiden. The company has 900 "
    "workers. Neither would be named.",
)


@pytest.fixture
def pullquote(tmp_path: Path) -> Iterator[Pullquote]:
    with Pullquote.open(
        settings=Settings(home=tmp_path), create=True, models=FakeModels(), reader=StartReader("")
    ) as it:
        it.add_articles([CHIPS])
        yield it


def ask(pullquote: Pullquote, start: str) -> Answer:
    reader = StartReader(start)
    return Pullquote(pullquote.library, pullquote.settings, reader).ask("Who owns SiCarrier?")


def test_what_it_means_stands_in_brackets(pullquote: Pullquote) -> None:
    answer = ask(pullquote, "It is")
    assert answer.answer == "[SiCarrier] is owned by the town of Weiden. [1]"
    (citation,) = answer.citations
    assert citation.cited_text == "It is owned by the town of Weiden."
    assert citation.span.of(CHIPS.text) == citation.cited_text
    antecedent = citation.antecedent
    assert antecedent is not None
    assert (antecedent.word, antecedent.name) == ("It", "SiCarrier")
    assert answer.answer[antecedent.start_index : antecedent.end_index] == "[SiCarrier]"
    assert CHIPS.text[antecedent.start_char_index : antecedent.end_char_index] == "SiCarrier"
    assert [own.span.of(answer.answer) for own in answer.own_words] == ["[SiCarrier]"]


def test_where_that_is_not_sure_the_sentence_before_is_quoted_too(pullquote: Pullquote) -> None:
    answer = ask(pullquote, "Neither")
    assert [(cited.role, cited.cited_text.split()[0]) for cited in answer.citations] == [
        ("context", "The"),
        ("answer", "Neither"),
    ]
    assert answer.answering == answer.citations[1:]
    # The company of the context goes back to "It", and so to what the question asks for.
    assert answer.answer.startswith("[SiCarrier] has 900 workers. [1] Neither")


def test_other_words_than_the_cited_ones_are_refused() -> None:
    span, name = Span(37, 71), Span(0, 9)
    text = "[SiCarrier] was sold by the town of Weiden. [1]"
    citation = Citation(
        CHIPS,
        span,
        span,
        Span(0, 43),
        Span(44, 47),
        1,
        0,
        antecedent=Antecedent(Span(37, 39), name),
    )
    with pytest.raises(ValueError, match="other words"):
        Answer(question="Who?", answer=text, confidence=0.9, citations=(citation,))


def meant(text: str, question: str = "What is it?") -> str | None:
    """What the last sentence's first word means."""
    spans = sentences(text)
    antecedent = find_antecedent(text, spans, len(spans) - 1, question)
    return antecedent.brackets(text) if antecedent else None


@pytest.mark.parametrize(
    ("text", "question", "name"),
    [
        ("Kvantum built four bridges. It employs 900.", "Who owns Kvantum?", "[Kvantum]"),
        ("Kvantum built four bridges. Its staff is small.", "Who owns Kvantum?", "[Kvantum’s]"),
        ("Amsel Group sold its mill. The firm is rich.", "Who is rich?", "[Amsel Group]"),
        ("Paula Reik said no. She is of the union.", "Who is it?", "[Paula Reik]"),
        ("“No,” said the mayor, Ingrid Solheim. She left.", "Who left?", "[Ingrid Solheim]"),
        ("Paula Reik came. It was late. She left at ten.", "Who left?", "[Paula Reik]"),
    ],
)
def test_what_is_sure(text: str, question: str, name: str) -> None:
    assert meant(text, question) == name


@pytest.mark.parametrize(
    ("text", "question"),
    [
        # The bridge, not the town; what the question names is a place.
        ("Talvik has approved a bridge. It opens in 2027.", "When does the bridge in Talvik open?"),
        ("Petra Lindholm opened the bridge. It is long.", "How long is the bridge?"),
        ("Kvantum's bridge is long. It was dear.", "How rich is Kvantum?"),
        ("Jon Amsel met Paula Reik. She left.", "Who left?"),
        ("They went to New Talvik. He left.", "Who left?"),
        ("Paula Reik came. It is likely that she goes.", "Who is it?"),
        ("Kvantum built it. They left.", "Who built Kvantum?"),
        ("Kvantum and Mavo built it. It is long.", "Who owns Kvantum?"),
    ],
)
def test_what_is_not_sure(text: str, question: str) -> None:
    assert meant(text, question) is None


def test_a_sentence_that_stands_alone_has_no_context(pullquote: Pullquote) -> None:
    assert [cited.role for cited in ask(pullquote, "SiCarrier").citations] == ["answer"]
