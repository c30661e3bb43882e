"""Measure how many words of drawn pages are recognised (extra ``ocr``).

``python -m eval.studies.recognition --into docs/evaluation.md`` writes the table. Pages of invented
text are drawn in several kinds (:mod:`eval.studies.drawn_pages`) and loaded as any file is. Right
are the words that come out as they were drawn, in the order in which they are read: the longest
common subsequence of words. Curved quotation marks count as straight ones; a word that lost a space
is wrong, and so are those out of order. What was read beyond the page's words does not count.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import LCSseq

from eval.report.markdown import check_place, show_table, table
from index.article import Article
from index.load import load_file
from index.load.pictures.ocr import is_installed
from rag.errors import MissingExtra

if TYPE_CHECKING:
    from eval.studies.drawn_pages import DrawnFile, Fonts, Kind

__all__ = ["loaded_words", "main", "rows", "words_right"]

_MAX_CHARS: Final = 100_000
_STRAIGHT: Final = str.maketrans("“”„‘’", '"""\'\'')


def words_right(page_words: Sequence[str], text_words: Sequence[str]) -> int:
    """Count the drawn words that were loaded, in their order."""
    page, text = (
        [word.translate(_STRAIGHT) for word in words] for words in (page_words, text_words)
    )
    return LCSseq.similarity(page, text)


def loaded_words(path: Path) -> list[str]:
    """Load a file as a library does and return its words, those of the title first; none where it
    is refused."""
    articles = (item for item in load_file(path, _MAX_CHARS) if isinstance(item, Article))
    return [word for article in articles for word in f"{article.title}\n{article.text}".split()]


def rows(kinds: Iterable[Kind], fonts: Fonts) -> Iterator[list[str]]:
    """Draw and load the pages of each kind; yields the cells of its line of the table."""
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            yield _row(kind, list(_draw(kind, fonts, Path(folder))))


def _row(kind: Kind, files: Sequence[DrawnFile]) -> list[str]:
    words = sum(len(file.words) for file in files)
    right = sum(words_right(file.words, loaded_words(file.path)) for file in files)
    return [kind.name, str(len(files)), str(words), f"{right / words:.3f}"]


def _draw(kind: Kind, fonts: Fonts, folder: Path) -> Iterator[DrawnFile]:
    from eval.studies.drawn_pages import draw

    return draw(kind, fonts, folder)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the table or write it into a document.

    Raises ``MissingExtra`` without the extra, and ``FontError`` without fonts to draw with.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, help="the document whose table is written anew")
    options = parser.parse_args(arguments)
    if not is_installed():
        raise MissingExtra("rapidocr", "ocr")
    if options.into:
        check_place(options.into, "recognition")
    # Pillow comes with the extra.
    from eval.studies.drawn_pages import KINDS, font_folders, load_fonts

    fonts = load_fonts(font_folders())
    text = table(["picture", "files", "words", "words right"], rows(KINDS, fonts))
    show_table("recognition", text, options.into)
    sys.stderr.write("".join(f"{face}: {path}\n" for face, path in fonts.items()))


if __name__ == "__main__":
    main()
