"""Compare extractors of a page's article, over pages whose article is known.

``python -m eval.studies.extraction --into docs/evaluation.md`` writes the tables. The sets are the
two halves of ``eval/pages`` (lines without mark-up, so each is a bare paragraph here and links
cannot be recognised), and whole pages: ``eval/pages/fresh``, ten layouts in three languages that no
rule and no test was made with; ``outlets``, in the mark-up of ten content management systems; and
``kinds``, twelve kinds of page. There the elements with ``data-article`` are the article; the
attribute is removed before an extractor reads the page.

Texts are compared in runs of four words, as scrapinghub's article extraction benchmark does:
precision and recall of a page, their means over pages, and F1 of these.
"""

from __future__ import annotations

import argparse
import html
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.pages import LabelledPage, read_pages
from eval.report.markdown import table, write_table
from index.article import Article
from index.boilerplate.detector import Layout, by_rule
from index.errors import LoadError
from index.ingest.preparation import prepare_article
from index.load import as_page
from index.load.base import Source
from index.load.html.loader import HtmlLoader
from index.settings import IndexSettings
from index.text.captions import is_caption

__all__ = ["FreshPage", "fresh_pages", "main", "score"]

_FRESH = Path(__file__).parents[1] / "pages" / "fresh"
_OTHER_SETS = ("outlets", "kinds")
# What marks an element as the article's, with its text where it is no plain one.
_MARK = re.compile(r' data-article(?:="[^"]*")?')
_TODAY = date(2026, 1, 1)
_STOP_LISTS = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
}  # fmt: skip
_RUN = 4
_MAX_CHARS = 1_000_000


@dataclass(frozen=True, slots=True)
class FreshPage:
    """A page as HTML, the texts that are its article, and its language."""

    name: str
    language: str
    page: str
    article: tuple[str, ...]


Extractor = Callable[[FreshPage], str]


def fresh_pages(folder: Path = _FRESH) -> list[FreshPage]:
    """Read the whole pages of a folder, in the order of languages and names."""
    return [_fresh(file) for file in sorted(folder.glob("*/*.html"))]


def _fresh(file: Path) -> FreshPage:
    from lxml.html import document_fromstring

    page = file.read_text(encoding="utf-8")
    articles = document_fromstring(page).xpath("//*[@data-article]")
    texts = tuple(
        element.get("data-article") or " ".join(element.text_content().split())
        for element in articles
    )
    return FreshPage(file.stem, file.parent.name, _MARK.sub("", page), texts)


def _as_fresh_page(page: LabelledPage, number: int) -> FreshPage:
    """Turn a labelled page into HTML of bare paragraphs."""
    tags = {"C": "p", "H": "h2", "F": "p"}
    lines = (f"<{tags[label]}>{html.escape(line)}</{tags[label]}>" for label, line in page.lines)
    text = f"<html><head><title>{html.escape(page.title)}</title></head><body>{''.join(lines)}"
    article = tuple(line for label, line in page.lines if label != "F")
    return FreshPage(f"{page.outlet} {number}", "en", f"{text}</body></html>", article)


# The extractors


def _pullquote(page: FreshPage, cleaning: bool = True) -> str:
    source = Source.of_bytes(page.page.encode(), f"{page.name}.html")
    try:
        (record,) = HtmlLoader().load(source, _MAX_CHARS)
    except LoadError:
        return ""
    record = as_page(record)
    assert isinstance(record, Article)
    article, _ = prepare_article(record, _TODAY, IndexSettings(cleaning=cleaning))
    return "\n".join(line for line in article.text.split("\n") if not is_caption(line))


def _trafilatura(page: FreshPage, precise: bool = False) -> str:
    from trafilatura import extract

    return extract(page.page, include_comments=False, favor_precision=precise) or ""


def _justext(page: FreshPage, low: int = 70, high: int = 200) -> str:
    """Extract with jusText, for which a paragraph below ``low`` characters is short, and one above
    ``high`` long enough to be classified by itself."""
    import justext

    words = justext.get_stoplist(_STOP_LISTS[page.language])
    paragraphs = justext.justext(page.page.encode(), words, low, high, encoding="utf-8")
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


def _resiliparse(page: FreshPage) -> str:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(page.page)
    return str(extract_plain_text(tree, main_content=True, alt_texts=False, list_bullets=False))


_EXTRACTORS: dict[str, Extractor] = {
    "Pullquote": _pullquote,
    "Pullquote, nothing cleaned": lambda page: _pullquote(page, cleaning=False),
    "trafilatura": _trafilatura,
    "trafilatura, favor_precision": lambda page: _trafilatura(page, precise=True),
    "jusText": _justext,
    "jusText, short paragraphs (30, 80)": lambda page: _justext(page, 30, 80),
    "resiliparse, main_content": _resiliparse,
}


# What is measured


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    if len(words) < _RUN:
        return Counter([tuple(words)] if words else [])
    return Counter(zip(*(words[at:] for at in range(_RUN)), strict=False))


def score(text: str, article: Sequence[str], title: str = "") -> tuple[float, float]:
    """Compute precision and recall of a text against an article, in runs of four words. ``title``
    is a line that counts as neither right nor wrong."""
    text = "\n".join(line for line in text.split("\n") if line.strip() != title)
    runs, truth = _runs(text), _runs("\n".join(article))
    common = (runs & truth).total()
    return (common / runs.total() if runs else 0.0, common / truth.total() if truth else 0.0)


def _title(page: FreshPage) -> str:
    match = re.search(r"<title>(.*?)(?: – .*)?</title>", page.page)
    return html.unescape(match[1]) if match else ""


def _rows(sets: dict[str, list[FreshPage]]) -> Iterator[list[str]]:
    for name, extract in _EXTRACTORS.items():
        row = [name]
        start = time.process_time()
        for pages in sets.values():
            try:
                results = [score(extract(page), page.article, _title(page)) for page in pages]
            except ImportError:
                row += ["not installed"]
                continue
            precision, recall = (sum(values) / len(pages) for values in zip(*results, strict=True))
            f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
            row.append(f"**{f1:.3f}** ({precision:.3f} / {recall:.3f})")
        seconds = time.process_time() - start
        yield [*row, f"{sum(map(len, sets.values())) / seconds:.0f}" if seconds else "–"]


def _rules_by_language(pages: Sequence[FreshPage]) -> Iterator[list[str]]:
    """Count, by language, the lines of whole pages that the rules drop (with their phrases, without
    the classifier)."""
    from lxml.html import document_fromstring

    for language in sorted({page.language for page in pages}):
        counts: Counter[str] = Counter()
        for page in (page for page in pages if page.language == language):
            body = document_fromstring(page.page).find("body")
            lines = list(_lines(body))
            reasons = by_rule(Layout.of("\n\n".join(lines)), _title(page))
            for i, line in enumerate(lines):
                kind = "article" if any(line in text for text in page.article) else "furniture"
                counts[kind] += 1
                counts[f"{kind} dropped"] += i in reasons
        yield [language, *(f"{counts[f'{kind} dropped']} of {counts[kind]}"
                           for kind in ("furniture", "article"))]  # fmt: skip


def _lines(body: Any) -> Iterator[str]:
    from index.load.html.page_blocks import text_blocks

    for block in text_blocks(body):
        yield from block.text.split("\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure all extractors and print the tables, or write them into a document."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--into", type=Path, help="the document whose tables are written anew")
    options = parser.parse_args(arguments)
    fresh = fresh_pages()
    sets = {
        f"fit ({len(read_pages('fit'))})": [
            _as_fresh_page(page, i) for i, page in enumerate(read_pages("fit"))
        ],
        f"held out ({len(read_pages('held_out'))})": [
            _as_fresh_page(page, i) for i, page in enumerate(read_pages("held_out"))
        ],
    }
    for language in ("en", "de", "fr"):
        pages = [page for page in fresh if page.language == language]
        sets[f"fresh, {language} ({len(pages)})"] = pages
    for name in _OTHER_SETS:
        pages = fresh_pages(_FRESH.with_name(name))
        sets[f"{name} ({len(pages)})"] = pages
    extraction = table(["extractor", *sets, "pages a CPU second"], _rows(sets))
    phrases = table(["language", "furniture dropped by rules", "article dropped by rules"],
                     _rules_by_language(fresh))  # fmt: skip
    sys.stdout.write(f"{extraction}\n\n{phrases}\n")
    if options.into:
        write_table(options.into, "extraction", extraction)
        write_table(options.into, "phrases", phrases)


if __name__ == "__main__":
    main()
