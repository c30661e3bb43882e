"""Print results: the answer to standard output, everything else to standard error."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from api.support_notes import NOTE
from index.article import Article, Span
from index.filters import Filters
from index.snapshot import View
from rag.answer import Answer, Citation, Lead, SearchResult
from rag.console import SafeConsole
from rag.query.filter_hints import unknown_publishers
from rag.query.time_expressions import TimeWord

__all__ = [
    "count_of",
    "indent",
    "json_of",
    "print_answer",
    "print_json",
    "print_nothing",
    "print_results",
    "print_sources",
    "renew_consoles",
    "source_line",
    "stderr",
    "stdout",
]

_FALLBACK = {
    "nothing_supported": "Quoted, because no article backs what the chat model wrote.",
    "not_answered": "Quoted, because the chat model found no answer.",
}

_SHOWN_COPIES = 5
# Of a passage.
_SHOWN_CHARS = 280

# What JSON may hold as it is, and a terminal may take for an order.
_CONTROL: Final = re.compile("[\x7f-\x9f]")

stdout = SafeConsole(highlight=False, soft_wrap=False)
stderr = SafeConsole(stderr=True, highlight=False, soft_wrap=True)


def renew_consoles() -> None:
    """Make both consoles as they are made at the start of a process, for the streams and the
    environment that there are now."""
    SafeConsole.__init__(stdout, highlight=False, soft_wrap=False)
    SafeConsole.__init__(stderr, stderr=True, highlight=False, soft_wrap=True)


def count_of(number: int, thing: str) -> str:
    """A number of things, as in "1 article" and "1,200 articles"."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def print_json(record: Any) -> None:
    """Print one JSON document, the same for a terminal and a pipe."""
    sys.stdout.write(json_of(record, indent=2) + "\n")


def json_of(record: Any, indent: int | None = None) -> str:
    """Encode as JSON that is safe on a terminal: control characters that JSON leaves alone are
    escaped too, and all but ASCII where standard output is in no encoding of Unicode."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    is_unicode = encoding.lower().startswith("utf")
    text = json.dumps(record, ensure_ascii=not is_unicode, indent=indent)
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def print_answer(answer: Answer) -> None:
    """Print the answer, its footnotes and its confidence; or that there is none, and the nearest
    passages."""
    if answer.standalone_question:
        stdout.print(Text(f"Understood as: {answer.standalone_question}", style="dim"))
    if answer.abstain_reason == "no_question":
        stdout.print(Text(answer.answer))
        return
    if answer.abstained:
        stdout.print(Text(answer.answer, style="bold"))
        if answer.hint:
            stdout.print(Text(answer.hint))
        _print_near(answer)
    elif answer.mode == "extractive":
        _print_quotations(answer)
    else:
        stdout.print(_styled_answer(answer))
        stdout.print()
        for citation in answer.citations:
            stdout.print(_footnote(answer, citation))
    if answer.fallback_reason:
        stdout.print(f"\n{_fallback_note(answer.fallback_reason)}", style="yellow")
    for word in answer.time_words:
        stdout.print(Text(f"\n{_time_note(word)}", style="dim"), end="")
    as_of = f"as of {_day(answer.as_of)}, " if answer.as_of else ""
    stdout.print(
        f"\n{as_of}confidence {answer.confidence:.0%}, {_duration(answer.usage.latency_ms)}",
        style="dim",
    )


def _duration(milliseconds: float) -> str:
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    return f"{milliseconds / 1000:.1f} s"


def _print_quotations(answer: Answer) -> None:
    """Print each quotation, and below it its source, once for all of its sentences."""
    text = _styled_answer(answer)
    for number, paragraph in enumerate(answer.paragraphs):
        if number:
            stdout.print()
        stdout.print(text[paragraph.start : paragraph.end])
        citations = [
            citation for citation in answer.citations if _lies_within(citation.marker, paragraph)
        ]
        if citations:
            stdout.print()
            stdout.print(_quotation_source(citations))


def _lies_within(span: Span, container: Span) -> bool:
    return container.start <= span.start and span.end <= container.end


def _quotation_source(citations: Sequence[Citation]) -> RenderableType:
    """Format the source of a quotation, with the number and the place of each of its sentences."""
    numbers = " ".join(f"[{citation.number}]" for citation in citations)
    source = _source(citations[0], [citation.span for citation in citations])
    return indent(Text.assemble((f"{numbers} ", "cyan"), source), 2, len(numbers) + 1)


def indent(text: Text, columns: int, mark: int = 0) -> RenderableType:
    """Indent a text: in a terminal all its lines, and what is wrapped of one as far as the line
    itself, of the first beside its mark of so many characters; elsewhere without padding the
    lines."""
    if stdout.is_terminal:
        first, *rest = text.split()
        return Group(_hanging(first, columns, mark), *(_padded(line, columns) for line in rest))
    lines = (Text.assemble(" " * columns, line) for line in text.split())
    return Text("\n").join(lines)


def _hanging(line: Text, columns: int, mark: int) -> Text:
    margin = columns + mark
    first, *rest = line[mark:].wrap(stdout, max(stdout.width - margin, 1))
    first = Text.assemble(" " * columns, line[:mark], first)
    return Text("\n" + " " * margin).join([first, *rest])


def _padded(line: Text, columns: int) -> Padding:
    own = len(line) - len(line.plain.lstrip(" "))
    return Padding(line[own:], (0, 0, 0, columns + own))


def _print_near(answer: Answer) -> None:
    if answer.leads:
        stdout.print("\nThe articles may touch on this:")
        for lead in answer.leads:
            stdout.print()
            stdout.print(_quotation(lead))
    elif answer.search_results:
        stdout.print("\nNearest passages:")
        print_results(answer.search_results[:3])


def _fallback_note(reason: str) -> str:
    default = f"Quoted, because the chat model did not answer: {reason.replace('_', ' ')}."
    return _FALLBACK.get(reason, default)


def _time_note(word: TimeWord) -> str:
    days = [_day(word.published_from) or "the first", _day(word.published_to) or "today"]
    period = f"published from {days[0]} to {days[1]}"
    match word.effect:
        case "filter":
            return f"“{word.phrase}”: only articles {period} (--no-time-filters: all)"
        case "newest":
            return f"“{word.phrase}”: the newest articles first"
    return f"“{word.phrase}”: articles {period} first"


def _styled_answer(answer: Answer) -> Text:
    text = Text(answer.answer)
    for citation in answer.citations:
        offset = citation.answer_span.start - citation.span.start
        whole = citation.highlight == citation.span
        quotation = citation.answer_span.of(answer.answer)
        if citation.antecedent and not whole:
            # The brackets stand in the place of a word; what answers before them has not moved.
            brackets = citation.antecedent
            shift = brackets.end_index - brackets.start_index - len(brackets.word)
            first, last = (
                at if at <= brackets.start_index else max(at + shift, brackets.end_index)
                for at in (citation.highlight.start + offset, citation.highlight.end + offset)
            )
            text.stylize("bold", first, last)
        elif not whole and quotation == citation.cited_text:
            text.stylize("bold", citation.highlight.start + offset, citation.highlight.end + offset)
        text.stylize("cyan", citation.marker.start, citation.marker.end)
    for stretch in answer.own_words:
        text.stylize("dim", stretch.start_index, stretch.end_index)
    for stretch in reversed(answer.unsupported):
        end = stretch.end_index
        text = Text.assemble(text[:end], (NOTE, "yellow"), text[end:])
    return text


def _footnote(answer: Answer, citation: Citation) -> RenderableType:
    mark = f"[{citation.number}] "
    note = Text.assemble((mark, "cyan"), _source(citation))
    # An extractive answer is the quotation; prose needs it beside it.
    quotation = citation.answer_span.of(answer.answer)
    if quotation != citation.cited_text:
        note.append(f"\n    “{citation.cited_text}”", style="italic")
    return indent(note, 2, len(mark))


def _quotation(lead: Lead) -> RenderableType:
    """Format a lead: the sentence, with the nearest part in bold unless it is the whole, and its
    source."""
    quotation = Text(lead.cited_text)
    start = lead.span.start
    near = lead.highlight_start - start, lead.highlight_end - start
    if near != (0, len(quotation)):
        quotation.stylize("bold", *near)
    return indent(Text.assemble("“", quotation, "”\n    ", _source(lead)), 2)


def _source(citation: Citation | Lead, places: Sequence[Span] = ()) -> Text:
    """Format a source: the article, the places in it, and the copies that have the same
    sentence."""
    note = Text(source_line(citation.article))
    spans = " and ".join(f"{span.start} to {span.end}" for span in places or [citation.span])
    note.append(f"\n    {citation.article.id}, characters {spans}", style="dim")
    sure = citation.article.recognition_confidence(citation.span)
    if sure is not None:
        note.append(f"\n    read off a picture, {sure:.0%} sure of it", style="dim")
    if citation.also_in:
        copies = "; ".join(
            _line(copy.document_title or copy.document_id, copy.publisher, copy.published_at)
            for copy in citation.also_in[:_SHOWN_COPIES]
        )
        more = len(citation.also_in) - _SHOWN_COPIES
        copies += f"; and {more} more" if more > 0 else ""
        note.append(f"\n    also in {copies}", style="dim")
    return note


def print_sources(answer: Answer) -> None:
    """Print each citation in full: its number, article, place, words and link."""
    for citation in answer.citations:
        mark = f"[{citation.number}] "
        note = Text.assemble((mark, "cyan"), _source(citation))
        note.append(f"\n    “{citation.cited_text}”", style="italic")
        if citation.article.url:
            note.append(f"\n    {citation.article.url}", style="dim")
        stdout.print(indent(note, 2, len(mark)))


def print_results(results: tuple[SearchResult, ...] | list[SearchResult]) -> None:
    """Print passages with their sources, best first."""
    for number, result in enumerate(results, start=1):
        mark = f"{number}. "
        head = Text.assemble((mark, "cyan"), source_line(result.article))
        head.append(f"  {result.passage.id}  {result.score:.2f}", style="dim")
        stdout.print()
        stdout.print(indent(head, 0, len(mark)))
        stdout.print(indent(Text(_shorten(result.text)), 3))


def print_nothing(view: View, filters: Filters) -> None:
    """Say on standard error that no article is left, and why: the library is empty, or has no
    publisher of that name, with the names that are like it."""
    if not view.counts()[0]:
        reason = "The library is empty; pullquote add FILE adds to it."
    else:
        names = [name for name, _ in view.publishers()]
        reason = unknown_publishers(filters, names) or "No article matches."
    stderr.print(reason, markup=False)


def source_line(article: Article) -> str:
    """Join title, publisher and date as far as they are known."""
    return _line(article.title or article.id, article.publisher, article.published_at)


def _line(title: str, publisher: str | None, published_at: date | None) -> str:
    return ", ".join(part for part in (title, publisher, _day(published_at)) if part)


def _day(day: date | None) -> str | None:
    return f"{day.day} {day:%B %Y}" if day else None


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN_CHARS else text[: text.rfind(" ", 0, _SHOWN_CHARS)] + " …"
