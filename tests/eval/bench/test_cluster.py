"""Articles for a cluster are made the same every time, and libraries of them are compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from eval.bench.cluster import Ingest, write_corpus
from eval.bench.corpus import Corpus, TopicEncoder
from eval.bench.sameness import compare_libraries
from index.library import Library
from index.settings import IndexSettings


def test_the_plain_run_meets_what_depends_on_the_order_of_admission(tmp_path: Path) -> None:
    write_corpus(tmp_path / "files", 120)
    assert [path.stem for path in sorted((tmp_path / "files").iterdir())] == [
        "0000050",
        "0000100",
        "0000120",
    ]
    figures = Ingest("plain", tmp_path / "plain", tmp_path / "files", 120, stand_in=True).run()
    assert figures["problems"] == []
    # Every fortieth says what another one says; every fiftieth has another one's id.
    assert (figures["added"], figures["unchanged"]) == (115, 3)
    assert figures["failed"] + figures["updated"] == 2


def test_libraries_are_compared_by_article(tmp_path: Path) -> None:
    articles = list(Corpus().notices(6))
    others = [replace(articles[0], text="Something else."), *articles[1:5]]
    libraries = []
    for number, (some, encoder) in enumerate(
        [(articles, TopicEncoder()), (others, TopicEncoder()), (articles, TopicEncoder(seed=1))]
    ):
        folder = tmp_path / str(number)
        library = Library.open(folder, IndexSettings(), encoder, create=True)
        library.add(some)
        libraries.append(library)
    sameness = compare_libraries(libraries[0], libraries[0])
    assert (sameness.articles, sameness.is_same) == (6, True)
    sameness = compare_libraries(libraries[0], libraries[1])
    assert (sameness.articles, sameness.differences) == (4, ("notice-0", "notice-5"))
    sameness = compare_libraries(libraries[0], libraries[2])
    assert sameness.differences == ()
    assert not sameness.is_same
    for library in libraries:
        library.close()
