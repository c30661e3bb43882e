from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from index.article import Article, Span
from index.filters import Filters
from index.library import Library
from index.snapshot import Found
from index.text.shingles import same_words
from rag import Pullquote
from rag.answer import Answer
from rag.chat.base import Style
from rag.citing.copies import canonical_evidence
from rag.evidence import Evidence, Reading
from rag.retrieval.hybrid import hybrid_search
from rag.settings import Settings
from tests.chat import Scripted
from tests.fakes import article
from tests.homes import with_models

LEDE = "The harbour of Belmoor opened its second basin on Monday after years of waiting."
COST = "The second basin cost 380 million crowns, the harbour director told reporters there."
REST = (
    "Fishermen of the northern pier had asked for it again and again. “We were told to wait,” said "
    "one of them, who has been at sea for thirty years. The old basin will be filled with sand."
)
WIRE = article(
    "wire", f"{LEDE}\n\n{COST}\n\n{REST}", publisher="Wire", published_at=date(2025, 5, 1)
)
POST = article(
    "post",
    f"{LEDE}\n\n{COST.replace('380', '390')}\n\n{REST}",
    publisher="Post",
    published_at=date(2025, 5, 2),
)
MAIL = article(
    "mail",
    f"BELMOOR.\n\n{COST}\n\n{REST.replace('“', chr(34)).replace('”', chr(34))}",
    publisher="Mail",
    published_at=date(2025, 5, 3),
)


def sentence(source: Article, words: str) -> Evidence:
    start = source.text.index(words)
    end = source.text.index(".", start) + 1
    return Evidence(source, Span(start, end), Span(start, end), 0.9)


def cited(library: Library, *evidence: Evidence, filters: Filters | None = None) -> list[Evidence]:
    with library.view() as view:
        selection = view.select(filters or Filters())
        moved = list(canonical_evidence(view, selection, evidence))
    for each in moved:
        each.sentence.of(each.article.text)
        assert each.sentence.start <= each.highlight.start < each.highlight.end
        assert each.highlight.end <= each.sentence.end
        for other in each.also_in:
            assert other.article.id != each.article.id
            other.span.of(other.article.text)
    return moved


def also(evidence: Evidence) -> list[str]:
    return [other.article.id for other in evidence.also_in]


def test_the_earliest_copy_is_cited_and_the_others_named(library: Library) -> None:
    library.add([MAIL, POST, WIRE])
    (moved,) = cited(library, sentence(MAIL, "The old basin"))
    assert (moved.article.id, also(moved)) == ("wire", ["post", "mail"])
    assert moved.sentence.of(moved.article.text) == "The old basin will be filled with sand."
    assert [other.span.of(other.article.text) for other in moved.also_in] == [
        "The old basin will be filled with sand."
    ] * 2


def test_a_copy_with_another_number_is_neither_cited_nor_named(library: Library) -> None:
    library.add([MAIL, POST, WIRE])
    (moved,) = cited(library, sentence(MAIL, "The second basin"))
    assert (moved.article.id, also(moved)) == ("wire", ["mail"])
    (moved,) = cited(library, sentence(POST, "The second basin"))
    assert (moved.article.id, also(moved)) == ("post", [])


def test_sentences_quoted_together_stay_together(library: Library) -> None:
    library.add([MAIL, POST, WIRE])
    moved = cited(library, sentence(POST, "The second basin"), sentence(POST, "The old basin"))
    assert [each.article.id for each in moved] == ["post", "post"]
    assert also(moved[1]) == ["wire", "mail"]


def test_other_quotation_marks_do_not_matter(library: Library) -> None:
    library.add([MAIL, WIRE])
    start = MAIL.text.index('"We were')
    told = Span(start, MAIL.text.index("years.", start) + 6)
    part = MAIL.text.index("thirty years")
    evidence = Evidence(MAIL, told, Span(part, part + len("thirty years")), 0.9)
    (moved,) = cited(library, evidence)
    assert moved.article.id == "wire"
    assert moved.highlight.of(WIRE.text) == "thirty years"


def test_what_the_filters_leave_out_is_not_named(library: Library) -> None:
    library.add([MAIL, POST, WIRE])
    filters = Filters(published_from=date(2025, 5, 2))
    (moved,) = cited(library, sentence(MAIL, "The old basin"), filters=filters)
    assert (moved.article.id, also(moved)) == ("post", ["mail"])


def test_removing_the_cited_copy_promotes_another(library: Library) -> None:
    library.add([MAIL, POST, WIRE])
    library.remove(["wire"])
    (moved,) = cited(library, sentence(MAIL, "The old basin"))
    assert (moved.article.id, also(moved)) == ("post", ["mail"])


def test_an_article_without_copies_is_left_alone(library: Library) -> None:
    library.add([WIRE])
    evidence = sentence(WIRE, "The old basin")
    assert cited(library, evidence) == [evidence]


class _Quotes:
    """Reads the first passage and quotes its last sentence."""

    def read(self, question: str, passages: list[Found]) -> Reading:
        found = passages[0]
        last = found.passage.sentences[-1]
        return Reading((Evidence(found.article, last, last, 0.9),), 0.9)


def test_an_answer_names_the_other_copies(library: Library) -> None:
    library.add([MAIL, POST, WIRE])
    pullquote = Pullquote(library, Settings(), _Quotes())  # type: ignore[arg-type]
    answer = pullquote.ask("What will the old basin be filled with?")
    (citation,) = answer.as_json()["citations"]
    assert citation["document_id"] == "wire"
    assert [each["publisher"] for each in citation["also_in"]] == ["Post", "Mail"]
    for each in citation["also_in"]:
        other = pullquote.article(each["document_id"])
        place = slice(each["start_char_index"], each["end_char_index"])
        assert other.text[place] == citation["cited_text"]


SAND = "The old basin will be filled with sand."


def written(library: Library, said: str, style: Style = "chat") -> Answer:
    reader: Any = _Quotes()
    settings = Settings(home=with_models(library.folder.parent))
    pullquote = Pullquote(library, settings, reader, chat=Scripted(said, style=style))
    answer = pullquote.ask("What will the old basin be filled with?")
    assert answer.mode == "generative", answer.fallback_reason
    for citation in answer.as_json()["citations"]:
        for each in citation["also_in"]:
            other = pullquote.article(each["document_id"])
            place = slice(each["start_char_index"], each["end_char_index"])
            assert same_words(other.text[place]) == same_words(citation["cited_text"])
    return answer


def test_a_written_answer_names_the_other_copies(library: Library) -> None:
    library.add([MAIL, POST, WIRE])
    (cited,) = written(library, SAND).citations
    others = [each.document_id for each in cited.also_in]
    assert sorted([cited.article.id, *others]) == ["mail", "post", "wire"]


def test_a_copy_with_another_number_is_not_named_with_what_is_written(library: Library) -> None:
    library.add([POST, WIRE])
    costs = [f"The second basin cost {number} million crowns." for number in (380, 390)]
    answer = written(library, " ".join([*costs, SAND]))
    cost, sand = answer.citations
    number = "380" if cost.article.id == "wire" else "390"
    assert number in cost.cited_text
    assert number in cost.answer_span.of(answer.answer)
    assert [len(each.also_in) for each in (cost, sand)] == [0, 1]


@pytest.mark.parametrize("style", ["chat", "completion"])
def test_what_is_written_comes_from_the_first_copy(library: Library, style: Style) -> None:
    days = [date(2025, 6, day) for day in (1, 2, 3)]
    later = [replace(WIRE, id=f"w{day}", publisher=f"P{day}", published_at=day) for day in days]
    library.add([*later, WIRE])
    (cited,) = written(library, SAND, style).citations
    assert cited.article.id == "wire"
    assert [each.published_at for each in cited.also_in] == days


def test_a_base_model_is_shown_what_was_read_though_another_copy_is_quoted(
    library: Library,
) -> None:
    question = "What will the old basin be filled with?"
    library.add([WIRE, replace(MAIL, title=question)])
    reader: Any = _Quotes()
    chat = Scripted(SAND, style="completion")
    settings = Settings(home=with_models(library.folder.parent))
    pullquote = Pullquote(library, settings, reader, chat=chat)
    assert pullquote.search(question)[0].article.id == "mail"
    (quoted,) = pullquote.ask(question, mode="extractive").citations
    assert quoted.article.id == "wire"
    (cited,) = pullquote.ask(question).citations
    assert (cited.article.id, cited.support) == ("mail", "supported")
    assert [each.document_id for each in cited.also_in] == ["wire"]
    assert f"[1] {SAND}" in chat.prompts[0]


def test_many_copies_do_not_crowd_out_the_rest(library: Library) -> None:
    others = [article(f"o{i}", f"Basin {i} lies in harbour {i} by the sea.") for i in range(5)]
    library.add([*(replace(WIRE, id=f"w{i}", publisher=f"P{i}") for i in range(120)), *others])
    with library.view() as view:
        selection = view.select(Filters())
        found = hybrid_search(
            view, library.query_encoder(), "second basin harbour", 5, selection, Settings()
        )
    assert len(found) == 5
    assert sum(each.hit.article.id.startswith("w") for each in found) == 1
