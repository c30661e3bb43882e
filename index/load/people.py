"""Read the people in a byline: without days, jobs, addresses and whose pictures there are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.boilerplate.rules import without_label
from index.text.agencies import is_agency
from index.text.dates import SAYS_WHEN_BEHIND
from index.text.nobodies import CALENDAR, NO_NAMES
from index.text.normalise import clean_line, word_set
from index.text.roles import ROLE_WORDS, ROLES

__all__ = ["people_in", "people_named"]

_MOST_CHARS = 1_000
# Who else is named in a byline, and for what.
_CREDITS = re.compile(
    r"(?i)[\s,;(]+(?:photo\w*|pictures?|images?|illustrat\w*|graphics?|videos?|fotos?|bilder|text)"
    r"\s*(?:by|:|von|de)\s.*"
)
_TOGETHER = re.compile(r"(?i)\s+(?:with|avec|mit|con)\s+(?=[^\W\d_])")
# What is said of somebody and never begins a name, before the place that they were sent to.
_SENT = word_set("envoyé envoyée enviado enviada inviato inviata")


def people_named(byline: str) -> list[str]:
    """Return the people in a byline; none where it names an agency, a desk or an address alone."""
    return [name for name in people_in(byline) if not is_agency(name)]


def people_in(byline: str) -> Iterator[str]:
    """Yield the names in a byline, without days, jobs and addresses."""
    text = re.sub(r"https?:\S+|\S+@\S+|@\w+", " ", clean_line(byline)[:_MOST_CHARS])
    if _CREDITS.match(f" {text}"):
        return
    text = without_label(text)
    text = re.sub(r"(?i)^\W*(?:(?:written|posted|reported|words)\s+)?"
                  r"(?:(?:by|von|par|por)\b[\s:]+|di\s+(?=\S+\s+\S))", "", text)  # fmt: skip
    text = SAYS_WHEN_BEHIND.sub("", text)
    text = re.split(r"\s*[/|•·]\s*|\s+[–—-]\s+|\d", _CREDITS.sub("", text))[0]
    text = _TOGETHER.sub(", ", text)
    for part in (
        re.split(r"\s*[,;]\s*", text) if _is_list_ofpeople_in(text) else [text.split(",")[0]]
    ):
        words = part.split()
        if words and words[0].casefold() in _SENT:
            continue
        while len(words) > 2 and words[-1].strip(".,").casefold() in CALENDAR:
            words.pop()
        if len(words) > 2 and words[0].strip(":").casefold() in ROLES:
            del words[0]
        words = _without_job(words)
        name = " ".join(words).strip(" ,.;:-–—") if words else ""
        keys = {word.strip(".,").casefold() for word in words}
        if name and len(words) <= 7 and not keys <= CALENDAR | ROLE_WORDS | NO_NAMES:
            yield name


def _is_list_ofpeople_in(text: str) -> bool:
    """Whether commas separate people, and not a person from their job."""
    parts = [part.split() for part in re.split(r"\s*[,;]\s*", text)]
    full_names = [
        part for part in parts if 2 <= len(part) <= 4 and all(w[:1].isupper() for w in part)
    ]
    jobs = [part for part in parts if {w.casefold() for w in part} & ROLES]
    return len(full_names) == len(parts) and not jobs


def _without_job(words: list[str]) -> list[str]:
    keys = [word.strip(".,").casefold() for word in words]
    at = next((i for i in range(len(words)) if i and set(keys[i:]) <= ROLE_WORDS), None)
    if at is not None and set(keys[at:]) & ROLES:
        return words[:at]
    return words
