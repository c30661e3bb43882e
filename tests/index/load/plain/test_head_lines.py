from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.ingest.preparation import prepare_article
from index.load.base import Source
from index.load.plain.head_lines import author_below
from index.load.plain.text import TextLoader
from index.load.registry import registry
from index.settings import IndexSettings

TITLE = "Libraries to close"
BODY = """The council of Ellersund voted on Tuesday to close two of its five libraries, after a
debate that lasted until midnight and drew three hundred people to the town hall.

"It is a sad day," said Birgit Sommer, who leads the opposition. The mayor said that the city could
not pay for everything and that the tram had to come first."""


@pytest.mark.parametrize("suffix", [".txt", ".md"])
@pytest.mark.parametrize(
    "head",
    [
        "By Orla Teague, The Tarn Courier, 3 September 2026",
        "The Tarn Courier\n3 September 2026\nBy Orla Teague",
        "By Orla Teague in Ellersund\n3rd September 2026",
        "Orla Teague, political correspondent\nThu 3 Sep 2026 06.00 BST\nLast modified 4 Sep 2026",
        "By Orla Teague, Staff Writer\nUpdated Sept. 4, 2026 | Published Sept. 3, 2026",
        "Tarn Courier\nEllersund, 3 September 2026\nby Orla Teague",
    ],
)
def test_author_and_day_below_a_title(head: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"libraries{suffix}"
    mark = "# " if suffix == ".md" else ""
    gap = "\n\n" if suffix == ".md" else "\n"
    path.write_text(f"{mark}{TITLE}{gap}{head}\n\n{BODY}\n")
    loader = registry().by_name(path.name)
    assert loader is not None
    (article,) = loader.load(Source.of_file(path), 100_000)
    assert not isinstance(article, Exception)
    ready, _ = prepare_article(article, date(2026, 11, 1), IndexSettings())
    assert ready.title == TITLE
    assert (ready.author, ready.published_at) == ("Orla Teague", date(2026, 9, 3))
    assert ready.text.startswith("The council of Ellersund voted on Tuesday to close two of its")


@pytest.mark.parametrize(
    "text", ["THE TARN COURIER\n3 May 2026\n\nIt is so.", "The Courier\n3 May 2026\n\nIt is so."]
)
def test_an_outlet_is_no_author(text: str) -> None:
    assert author_below(text) is None


@pytest.mark.parametrize("line", ["By Orla Teague", "3 hours ago", "The Tarn Courier, 3 May 2026"])
def test_a_title_stands_apart_though_no_blank_line_follows(line: str, tmp_path: Path) -> None:
    path = tmp_path / "libraries.txt"
    path.write_text(f"{TITLE}\n{line}\n{BODY}\n")
    (article,) = TextLoader().load(Source.of_file(path), 100_000)
    assert not isinstance(article, Exception)
    assert article.title == TITLE


@pytest.mark.parametrize("kicker", ["Opinion", "IN BRIEF", "News analysis:"])
def test_what_kind_an_article_is_of_is_not_its_title(kicker: str, tmp_path: Path) -> None:
    path = tmp_path / "libraries.txt"
    path.write_text(f"{kicker}\n\n{TITLE}\nBy Orla Teague\n\n{BODY}\n")
    (article,) = TextLoader().load(Source.of_file(path), 100_000)
    assert not isinstance(article, Exception)
    assert article.title == TITLE


@pytest.mark.parametrize("below", ["By Orla Teague, 3 May 2026", "The council voted to close it."])
def test_a_title_may_be_what_kind_an_article_is_of(below: str, tmp_path: Path) -> None:
    path = tmp_path / "libraries.txt"
    path.write_text(f"Opinion\n\n{below}\n\n{BODY}\n")
    (article,) = TextLoader().load(Source.of_file(path), 100_000)
    assert not isinstance(article, Exception)
    assert article.title == "Opinion"
