from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import tantivy
from tantivy import Filter

from index.filters import Filters
from index.library import Library
from index.search.analyzer import passage_terms, terms_of
from tests.fakes import article

SEEDS = Path(__file__).resolve().parents[3] / "seeds"


def _as_before() -> tantivy.TextAnalyzer:
    """The analyzer that the first libraries were indexed with."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for each in (
        Filter.remove_long(80),
        Filter.lowercase(),
        Filter.ascii_fold(),
        Filter.stopword("english"),
        Filter.stemmer("english"),
    ):
        builder = builder.filter(each)
    return builder.build()


@pytest.mark.parametrize("language", ["en", "en-gb", "EN_US"])
def test_english_is_what_it_always_was(language: str) -> None:
    texts = [file.read_text() for file in sorted(SEEDS.glob("*.md"))]
    assert sum(map(len, texts)) > 10_000
    before = _as_before()
    for text in texts:
        assert terms_of(text, language) == before.analyze(text)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "Häuser", "Haus"),
        ("fr", "chanteuses", "chanteuse"),
        ("ru", "книгами", "книга"),
        ("pl", "domami", "domem"),
        ("nb", "husene", "huset"),
    ],
)
def test_a_language_is_stemmed_by_its_own_stemmer(language: str, one: str, other: str) -> None:
    assert terms_of(one, language) == terms_of(other, f"{language}-xx") != terms_of(one, "en")


def test_terms_are_folded_after_they_are_stemmed() -> None:
    assert terms_of("Müller über CAFÉS", "de") == ["mull", "cafes"]


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    assert terms_of("Jambo marafiki wangu wanaandika", "sw") == [
        "jambo",
        "marafiki",
        "wangu",
        "wanaandika",
    ]


def test_stemmers_are_safe_in_threads() -> None:
    words = [f"wohnung{i}en" for i in range(400)]

    def stems(part: int) -> list[str]:
        return [term for word in words[part::4] * 3 for term in terms_of(word, "de")]

    alone = [stems(part) for part in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(stems, range(4))) == alone


def test_a_question_is_asked_in_the_languages_of_the_library(library: Library) -> None:
    library.add(
        [
            article("fluss", "Die alten Häuser am Fluss stehen leer.", language="de"),
            article("river", "The old houses at the river are empty.", language="en"),
            article("boats", "The boats went home at night.", language="en"),
        ]
    )
    with library.view() as view:
        for question, id in (("Wo steht ein Haus?", "fluss"), ("which house is old?", "river")):
            keys, _ = view.lexical(question, 10, view.select(Filters()))
            assert [each and each.article.id for each in view.passages(keys.tolist())] == [id]
        assert view.language_of("Wo steht ein leeres Haus?") == "de"
        assert view.language_of("where do the boats go?") == "en"
        assert view.holds("Haus")
        assert not view.holds("Schiff")


def test_what_a_term_tells_is_of_the_passages(library: Library) -> None:
    library.add([article("a", "Chips are scarce.", language="en"), article("b", "Cats sleep.")])
    with library.view() as view:
        chip, nobody = view.analyzer.idf("chip"), view.analyzer.idf("nobody")
        assert 0 < chip < nobody


@pytest.mark.parametrize("language", ["en", "en-GB", "de", "sw"])
@pytest.mark.parametrize(
    "text", ["", "of the", "Müller’s “ships” in 2025", "The ships. " * 600], ids=len
)
def test_terms_of_a_passage_are_those_of_its_text(text: str, language: str) -> None:
    first, again = passage_terms(text, language), passage_terms(text, language)
    assert first == again == terms_of(text, language)
    # The caller may do with them what it likes.
    assert first is not again
