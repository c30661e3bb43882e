"""What is fuzzed without a server: a way to make inputs, and what has to hold of each."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import suppress
from datetime import date
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import strategies as st
from pydantic import ValidationError
from rich.text import Text

from api.cli.output import json_of
from api.guard.hosts import Hosts
from api.guard.json_body import MAX_DEPTH, MAX_VALUES, check_bounds, parse_json
from api.logs import named_request
from api.openai.completions import question_of
from api.problem import Problem
from api.schemas.openai import ChatIn
from api.stream import deltas
from api.writing.uploads import _name
from index.errors import SettingsError
from index.filters import Filters
from index.store.sqlite.selection import conditions
from index.text.dates import days_in, parse_day, stamp, url_day
from rag.console import SafeConsole
from rag.generation.sentence_stream import stream_sentences
from rag.query.time_expressions import find_time_words
from rag.settings import Settings
from tests.api.fuzz.target import Target

__all__ = ["CHAT", "TARGETS", "TODAY", "chats", "filters", "json_values", "near", "texts", "turns"]

TODAY = date(2026, 1, 15)

# Any characters, lone surrogates too, and what has broken programs before.
_AWKWARD = st.sampled_from(
    [
        "",
        " ",
        "\x00",
        "\x1b[2J",
        "\ud800",
        "\u202e",
        "\ufeff",
        "𝟚",
        "İ",
        "ß",
        "%2F",
        "../",
        "'",
        '"',
    ]
)
texts = st.lists(st.text(st.characters(), max_size=20) | _AWKWARD, max_size=6).map("".join)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
days = st.dates().map(date.isoformat) | st.sampled_from(
    ["2025-02-30", "0000-01-01", "9999-12-31", "2025-1-1", "20250101", "1e400", "-1"]
)


def near(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of these fields, each as it should be or anything else, and others."""
    known = st.fixed_dictionaries(
        {}, optional={name: each | json_values for name, each in fields.items()}
    )
    unknown = st.dictionaries(texts, json_values, max_size=1)
    return st.builds(lambda one, other: {**other, **one}, known, unknown)


names = st.lists(texts, max_size=4)
filters = near(
    {
        "publisher": names,
        "language": names,
        "article_ids": names,
        "published_from": days,
        "published_to": days,
    }
)
turns = st.lists(
    near({"role": st.sampled_from(["user", "assistant", "system"]), "content": texts}), max_size=4
)


def _filters(value: Any) -> None:
    try:
        made = Filters.model_validate(value)
    except ValidationError:
        return
    db = sqlite3.connect(":memory:")
    db.create_function("casefold", 1, str.casefold)
    db.execute("CREATE TABLE articles (id, publisher, language, published_at)")
    for condition, values in conditions(made):
        bound = [str(each).encode(errors="replace").decode() for each in values]
        db.execute(f"SELECT id FROM articles WHERE {condition}", bound)  # noqa: S608
    db.close()


def _dates(text: str) -> None:
    for order in (None, "dmy", "mdy"):
        for start, end, day in days_in(text, order):
            assert 0 <= start < end <= len(text)
            assert day is None or isinstance(day, date)
        parse_day(text, order)
        stamp(text, order)
    url_day(text, TODAY)
    for word in find_time_words(text, TODAY):
        assert word.phrase
        since, until = word.published_from, word.published_to
        assert since is None or until is None or since <= until


_WORDS = "on in last next this the past few 3 31 12 2025 99 May Tue week month year 05/06/2025"
_STATED = ["D:20250102", "Tue, 3 Jun 2025 10:00 GMT", "/2025/05/26/", "Updated:", "Published"]
_DATED = st.lists(
    st.sampled_from([*_WORDS.split(), *_STATED]) | days | texts,
    max_size=8,
).map(" ".join)


def _settings(given: dict[str, str]) -> None:
    with suppress(SettingsError):
        Settings.from_environment(given)


_NAMES = [f"PULLQUOTE_{name.upper()}" for name in Settings.model_fields]
_ENVIRONMENT = st.dictionaries(
    st.sampled_from(_NAMES) | texts.map("PULLQUOTE_{}".format),
    texts | st.integers().map(str) | st.floats().map(str) | st.sampled_from(["true", "auto"]),
    max_size=4,
)


def _openai(value: Any) -> None:
    with suppress(ValidationError, Problem):
        question_of(ChatIn.model_validate(check_bounds(value, "body")))


chats = near(
    {
        "model": st.just("pullquote"),
        "messages": turns
        | st.lists(near({"role": st.just("user"), "content": st.lists(json_values)}), max_size=2),
        "stream": st.booleans(),
        "stream_options": near({"include_usage": st.booleans()}),
        "filters": filters,
        "top_k": st.integers(0, 101),
        "tools": json_values,
        "n": json_values,
        "logit_bias": json_values,
    }
)


def _depth(value: Any) -> int:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, parts), default=0) if isinstance(value, list | dict) else 0


def _json(value: Any) -> None:
    text = json.dumps(value)
    if _depth(value) > MAX_DEPTH:
        with pytest.raises(Problem):
            parse_json(text.encode(), MAX_VALUES)
        return
    count = sum(text.count(mark) for mark in "[{,:")
    if count >= MAX_VALUES:
        return  # what is sent in parts
    assert json.dumps(parse_json(text.encode(), MAX_VALUES)) == text
    for limit in range(0, count, 1 + count // 4):
        try:
            parse_json(text.encode(), limit)
        except Problem:
            continue
        # What is more than was counted stands in strings.
        outside = re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
        assert sum(outside.count(mark) for mark in "[{,:") <= limit


def _encoded(text: str) -> bytes:
    return text.encode(errors="replace")


def _bytes(body: bytes) -> None:
    with suppress(Problem):
        check_bounds(parse_json(body, 50), "body")


def _sentences(given: tuple[str, list[int]]) -> None:
    text, cuts = given
    places = sorted({max(0, min(each, len(text))) for each in cuts} | {0, len(text)})
    pieces = [text[start:end] for start, end in pairwise(places)]
    whole = list(stream_sentences([text]))
    assert list(stream_sentences(pieces)) == whole
    assert "".join(deltas(text)) == text
    for sentence in whole:
        assert sentence.strip()


_PROSE = st.lists(
    st.sampled_from(["Mr. ", "It rained. ", "[1]", " [2, 3]. ", "“Why?” ", "。", "\n\n- ", "3.5 "])
    | st.text(max_size=20),
    max_size=12,
).map("".join)


def _terminal(text: str) -> None:
    file = StringIO()
    SafeConsole(file=file, force_terminal=False).print(Text(text))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", file.getvalue())
    told = json_of({"title": text})
    assert json.loads(told) == {"title": text}


def _hosts(name: str) -> None:
    for hosts in (Hosts((), "127.0.0.1"), Hosts((), "0.0.0.0"), Hosts(("papers.example",), "::")):
        assert not hosts.admit(f"{name}.evil.example")
        hosts.admit(name)
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", named_request(name))


def _upload(given: str) -> None:
    try:
        name = _name(given)
    except Problem:
        return
    assert name not in ("", ".", "..")
    assert "/" not in name
    assert name.isprintable()
    assert len(name.encode(errors="replace")) <= 255


_FILTERS = {
    "publisher": ["The Post", "The Evening Post"],
    "language": ["en", "zh-Hant"],
    "article_ids": ["a", "b/c"],
    "published_from": "2025-01-01",
    "published_to": "2025-12-31",
}
CHAT = {
    "model": "pullquote",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "How tall is it?"}]},
    ],
    "stream": False,
    "stream_options": {"include_usage": True},
    "filters": _FILTERS,
    "max_tokens": 100,
    "temperature": 0.5,
    "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}],
    "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}},
}
_DAYS = (
    "On Tuesday, 3 March 2025, and last week; since May 2024, between 05/06/2025 and 12.31.2025.",
    "Updated: D:20250102 Tue, 3 Jun 2025 10:00 GMT /2025/05/26/a-b.html 2025-W10 Q3 2024",
    "in the past few months, the first quarter of 2025, at the end of the 1990s, two days ago",
)
_SAID = "Mr. Lind said: “It rained.” [1] Was it 3.5 km? [2, 3]\n\n- One.\n- Two。三。 **Bold** [4"
_SET = {"PULLQUOTE_PORT": "8000", "PULLQUOTE_CORS_ORIGINS": "https://a.example,http://b.example"}

TARGETS = (
    Target("filters", _filters, (_FILTERS,), drawn=filters, loose=True),
    Target("dates", _dates, _DAYS, _WORDS.split(), _DATED),
    Target("settings", _settings, (_SET,), _NAMES, _ENVIRONMENT),
    Target("openai", _openai, (CHAT,), drawn=chats | json_values, loose=True),
    Target("json", _json, (CHAT, [_FILTERS]), drawn=json_values, loose=True),
    Target(
        "bytes",
        _bytes,
        (json.dumps(CHAT).encode(), b"[1, -2.5e3, null]"),
        [*'{}[]",:', "\\ud83d", "1e999", "NaN", "-"],
        st.binary(max_size=200) | texts.map(_encoded),
    ),
    Target(
        "stream",
        _sentences,
        ((_SAID, [3, 40, 41]), (_SAID[::-1], [])),
        ["Mr. ", "[1]", "。", "\n\n- ", "”", "```"],
        st.tuples(_PROSE, st.lists(st.integers(0, 200), max_size=5)),
    ),
    Target("terminal", _terminal, ("The \x1b[31mred\x1b[0m \u202ewall\r\n",), drawn=texts),
    Target("hosts", _hosts, ("localhost:8000", "[::1]:80", "papers.example"), drawn=texts),
    Target("uploads", _upload, ("../a b/page.html", "C:\\papers\\a.pdf"), drawn=texts),
)
