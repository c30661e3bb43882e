from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise, permutations

import pytest

from index.errors import NotFoundError
from index.filters import Filters
from index.library import Library
from index.load.base import id_for
from index.store.versions import Change, _longest_increasing, changes, correction_notes
from tests.fakes import article

FIRST = article("wombats", "Wombats dig deep. A burrow has forty metres. Nobody knows why.")
SECOND = replace(
    FIRST,
    text="Wombats dig deep. A burrow has thirty metres. Nobody knows why.\n\n"
    "Correction: an earlier version gave the length wrongly.",
)


def texts(library: Library, id: str) -> list[tuple[int, str]]:
    with library.view() as view:
        return [(each.number, each.article.text) for each in view.history(id)]


def test_an_update_keeps_the_old_text_and_shows_what_changed(library: Library) -> None:
    library.add([FIRST])
    library.add([SECOND])
    assert texts(library, "wombats") == [(2, SECOND.text), (1, FIRST.text)]
    with library.view() as view:
        now, before = view.history("wombats")
    assert now.replaced_at is None
    assert before.replaced_at is not None
    assert now.changes == (
        Change(("A burrow has forty metres.",), ("A burrow has thirty metres.",)),
        Change((), ("Correction: an earlier version gave the length wrongly.",)),
    )
    assert before.changes == ()


def test_old_text_is_never_found(library: Library) -> None:
    library.add([FIRST])
    library.add([SECOND])
    with library.view() as view:
        keys, _ = view.lexical("forty", 10, view.select(Filters()))
        assert not len(keys)
        assert len(view) == 1


def test_encoding_again_makes_no_version(library: Library) -> None:
    library.add([FIRST])
    library.reencode()
    assert texts(library, "wombats") == [(1, FIRST.text)]


def test_what_is_removed_is_removed_with_its_history(library: Library) -> None:
    library.add([FIRST])
    library.add([SECOND])
    library.remove(["wombats"])
    library.add([FIRST])
    assert texts(library, "wombats") == [(1, FIRST.text)]
    with pytest.raises(NotFoundError):
        texts(library, "nobody")


def test_a_page_with_a_new_headline_is_the_same_article(library: Library) -> None:
    url = "https://example.org/wombats"
    old = replace(FIRST, id=id_for("Wombats dig", url), title="Wombats dig", url=url)
    new = replace(SECOND, id=id_for("Wombats dug", url), title="Wombats dug", url=url)
    library.add([old])
    assert library.add([new]).updated == [old.id]
    assert [number for number, _ in texts(library, old.id)] == [2, 1]


def test_ids_of_their_own_stay_apart_under_one_url(library: Library) -> None:
    url = "https://example.org/"
    one, other = replace(FIRST, id="one", url=url), replace(SECOND, id="other", url=url)
    assert library.add([one, other]).added == ["one", "other"]


def test_changes_are_told_by_sentence() -> None:
    assert changes("One. Two. Three.", "One. Three.") == (Change(("Two.",), ()),)
    assert changes("One.", "One.") == ()


@pytest.mark.parametrize(
    ("line", "noted"),
    [
        ("Correction: the sum was wrong.", True),
        ("CORRECTION (May 3, 2025): the sum was wrong.", True),
        ("Editor’s note: this was changed.", True),
        ("This article has been corrected to say so.", True),
        ("An earlier version of this story misstated the sum.", True),
        ("Correction officers went on strike.", False),
        ("This story was told often.", False),
    ],
)
def test_corrections_are_seen(line: str, noted: bool) -> None:
    source = article("a", f"A first line.\n\n{line}\n\nA last one.")
    assert [note.of(source.text) for note in correction_notes(source)] == [line] * noted


def test_long_texts_are_compared_by_what_stands_once() -> None:
    lines = [f"Line {i} stands." for i in range(400)]
    changed = [*lines[:50], "Line 50 fell.", *lines[51:300], *lines[301:], "A last one."]
    moved = [lines[399], *lines[:399]]
    assert changes(" ".join(lines), " ".join(changed)) == (
        Change(("Line 50 stands.",), ("Line 50 fell.",)),
        Change(("Line 300 stands.",), ()),
        Change((), ("A last one.",)),
    )
    assert changes(" ".join(lines), " ".join(moved)) == (
        Change((), ("Line 399 stands.",)),
        Change(("Line 399 stands.",), ()),
    )


def test_thousands_of_the_same_line_are_compared_at_once() -> None:
    """Each with each, they would be some 10 ** 8 pairs, again and again."""
    before = ["The same line."] * 10_000
    after = [*before[:4_000], "Another line.", *before[4_000:]]
    assert changes(" ".join(before), " ".join(after)) == (Change((), ("Another line.",)),)
    mixed = [line for i in range(5_000) for line in ("The same line.", f"Old {i} stands.")]
    later = [line.replace("Old", "New") for line in mixed]
    (change,) = changes(" ".join(mixed), " ".join(later))
    assert len(change.before) == len(change.after) == 9_999


@pytest.mark.parametrize("count", range(6))
def test_as_many_sentences_as_are_in_one_order_are_anchors(count: int) -> None:
    for places in permutations(range(count)):
        pairs = list(enumerate(places))
        increasing = [
            part
            for size in range(count + 1)
            for part in combinations(pairs, size)
            if all(before[1] < after[1] for before, after in pairwise(part))
        ]
        anchors = tuple(_longest_increasing(pairs))
        assert anchors in increasing
        assert len(anchors) == max(map(len, increasing))
