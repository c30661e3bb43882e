from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from eval.errors import FontError
from eval.studies import recognition
from eval.studies.drawn_pages import KINDS, TEXTS, Face, Kind, draw, font_folders, load_fonts
from eval.studies.recognition import loaded_words, main, rows, words_right
from index.article import Article
from rag.errors import MissingExtra

FOLDER = next(folder for folder in font_folders() if "reportlab" in str(folder))
# Of the packages that the tests install one has a font, without serifs.
VERA = FOLDER / "fonts" / "Vera.ttf"
FONTS: dict[Face, Path] = {"serif": VERA, "sans": VERA}


@pytest.mark.parametrize(
    ("loaded", "count"),
    [
        ('"We wait," she said', 4),
        ("A title \u201cWe wait,\u201d she said.", 3),
        ('"Wewait," she said', 2),
        ('she said "We wait,"', 2),
        ("", 0),
    ],
)
def test_words_are_right_in_their_order(loaded: str, count: int) -> None:
    assert words_right(["\u201cWe", "wait,\u201d", "she", "said"], loaded.split()) == count


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_pages_are_drawn_as_their_kind_says(kind: Kind, tmp_path: Path) -> None:
    files = list(draw(kind, FONTS, tmp_path))
    assert len(files) == len(TEXTS[kind.language]) == len({file.path for file in files})
    for file in files:
        assert 60 <= len(file.words) / max(1, kind.pdf_pages) <= 130
        if kind.pdf_pages:
            document = pypdfium2.PdfDocument(file.path)
            assert len(document) == kind.pdf_pages
            document.close()
        else:
            with Image.open(file.path) as picture:
                assert (picture.height > picture.width) == (kind.turns % 2 == 1)
                assert np.asarray(picture).min() < 100


def test_a_page_is_the_same_every_time_and_turned_as_a_whole(tmp_path: Path) -> None:
    kind = Kind("page", size=11, worn=True)
    upright, again, turned = (
        np.asarray(Image.open(next(draw(each, FONTS, tmp_path)).path).copy())
        for each in (kind, kind, Kind("turned", size=11, worn=True, turns=2))
    )
    assert (upright == again).all()
    assert (np.rot90(upright, 2) == turned).all()


def test_a_line_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [" ".join(text) for text in TEXTS["de"]]
    texts[1] = texts[1].replace(" ", "", 1)
    lost = 2 / sum(len(text) for text in (" ".join(text).split() for text in TEXTS["de"]))
    answers = iter(texts)

    def load(path: Path, _: int) -> list[Article]:
        assert path.is_file()
        return [Article(path.name, "A title", next(answers))]

    monkeypatch.setattr(recognition, "load_file", load)
    (row,) = rows([Kind("German", language="de")], FONTS)
    assert row[:2] == ["German", "2"]
    assert row[3] == f"{1 - lost:.3f}"


def test_a_refused_file_has_no_words(tmp_path: Path) -> None:
    path = tmp_path / "empty.pdf"
    path.write_bytes(b"%PDF")
    assert loaded_words(path) == []


def test_without_fonts_it_is_said_where_they_were_looked_for(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "Vera.ttf").touch()
    with pytest.raises(FontError, match=rf"no serif font .*{tmp_path}.*fonts-dejavu-core"):
        load_fonts([tmp_path])
    serif = tmp_path / "FreeSerif.ttf"
    serif.touch()
    assert load_fonts([tmp_path]) == {"serif": serif, "sans": tmp_path / "deep" / "Vera.ttf"}


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition, "is_installed", lambda: False)
    with pytest.raises(MissingExtra, match=r"\.\[ocr\]"):
        main([])


def test_the_command_writes_its_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = tmp_path / "doc.md"
    document.write_text("<!-- table recognition -->\n<!-- end recognition -->\n")
    monkeypatch.setattr(recognition, "is_installed", lambda: True)
    monkeypatch.setattr(recognition, "loaded_words", lambda _: [])
    monkeypatch.setattr("eval.studies.drawn_pages.load_fonts", lambda _: FONTS)
    main(["--into", str(document)])
    lines = document.read_text().splitlines()[3:-1]
    assert [line.split(" | ")[0].strip("| ") for line in lines] == [kind.name for kind in KINDS]
    assert all(line.endswith(" | 0.000 |") for line in lines)
