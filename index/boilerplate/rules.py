"""Rules for lines that are certainly boilerplate by their own words.

Each rule has a name, under which the line is stored beside the article. Lines that no rule matches
may be judged by :mod:`index.boilerplate.classifier`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import lru_cache
from typing import Literal

from index.boilerplate.adverts import is_advert
from index.boilerplate.credits import is_credit
from index.boilerplate.headings import OPEN_HEADING, RELATED_HEADING
from index.boilerplate.phrases import (
    AT_THE_EDGE,
    ATTRIBUTION,
    EVERYWHERE,
    KOREAN_BYLINE,
    NETWORKS,
    PRESS_RELEASE,
    SHARE_VERBS,
    SHARE_WORDS,
)
from index.text.dates import SAYS_WHEN_BEHIND, days_in, stamp
from index.text.nobodies import names_nobody
from index.text.normalise import word_set
from index.text.source_line import author_with_role, read_source_line, source_day

__all__ = ["Place", "byline", "byline_names", "may_be_names", "says_who_or_when", "sure",
           "without_label"]  # fmt: skip

Place = Literal["head", "body", "tail"]

_MAX_RULE_CHARS = 600
# What sites say in sentences.
_SOLICITATIONS = frozenset({"advert", "comments", "cookies", "legal", "paywall", "player", "share"})
_WORD = re.compile(r"[\w’'-]+")

_SECTIONS = word_set(
    "home news sport sports weather travel business politics world culture opinion life lifestyle"
    " video videos tech technology science health money arts food entertainment music film tv radio"
    " local national international economy markets style education obituaries classifieds jobs cars"
    " more latest photos podcasts newsletters shop account search menu start startseite politik"
    " wirtschaft kultur wissen panorama meinung accueil politique économie société monde deportes"
    " economía cultura sociedad and & the"
)
# What bars of links below articles name, beside sections.
_FOOTER = _SECTIONS | word_set(
    "about contact terms privacy policy imprint impressum help advertise advertising careers cookie"
    " cookies accessibility sitemap legal us our faq support press team conditions use of service"
    " services subscribe register login log in sign up newsletters apps app datenschutz kontakt agb"
    " karriere mentions légales contactez confidentialité facebook twitter instagram youtube"
    " linkedin rss tiktok x follow copyright rights reserved site map feedback corrections"
)
_CRUMB_MARKS = frozenset("|›»>•·→/")
_CRUMB_MARK = re.compile(r"\s*[|›»>•·→]\s*|\s+/\s*|\s*/\s+")
# Letters of all scripts that have capitals, as Ł, Ş and Č are.
_CAPITAL = f"[{''.join(filter(str.isupper, map(chr, range(0x41, 0x530))))}]"
_NAME = rf"(?:{_CAPITAL}[\w.’'-]*|van|von|de|der|den|di|da|al|el|bin|la|le|du|dos)"
_NAMES = rf"{_NAME}(?:\s+{_NAME}){{1,4}}"
_BY_NAMES = re.compile(
    rf"by\s+({_NAMES}(?:(?:\s*,\s*{_NAMES}){{0,3}},?\s+(?:and|&)\s+{_NAMES})?)"
    # Where the author was.
    rf"(?:\s+in\s+{_NAME}(?:\s+{_NAME}){{0,2}})?"
    r"(?:\s*[,|·•–—-]\s*[\w’'&@./-]++(?:\s[\w’'&@./-]++){0,7}\s?)?\Z"
)
# The same in other languages, where the word may as well begin a name.
_BY_OTHER_NAMES = re.compile(
    rf"(?:[Vv]on|(?:Propos recueillis )?[Pp]ar|[Pp]or|[Dd]i|[Dd]oor|Του|Της)\s+(?={_CAPITAL})"
    rf"({_NAMES}(?:(?:\s*,\s*{_NAMES}){{0,3}}\s+(?:und|et|y|e|en|&)\s+{_NAMES})?)"
    r"(?:\s?[,/|]\s?[\w’'-]++(?:\s[\w’'-]++){0,5})?\Z"
)
# What names the author before a colon, which may go in Arabic and Hebrew; names of scripts without
# capitals.
_CASELESS_NAMES = (
    r"[\u05d0-\u05ea\u0620-\u06d3][\w’'״.-]*(?:\s[\u05d0-\u05ea\u0620-\u06d3][\w’'״.-]*){1,3}"
)
_LABELLED_NAMES = re.compile(
    rf"(?:(?i:authors?|autor(?:in|a|zy|ka)?|auteurs?|autore|yazar|yazan|haber|автор|текст|tekst|texte?"
    rf"|testo|texto|συντάκτης|κείμενο)\s*:\s*({_NAMES}(?:\s*(?:,|&|und|and|et|y|e|i|и|ve)\s*{_NAMES}){{0,3}})"
    rf"|(?:بقلم|كتب|كتبت|إعداد|מאת)\s*:?\s*({_CASELESS_NAMES})"
    r"|(?:作者|记者|記者|文|取材・文|文・写真|著者|執筆)\s*[:：＝=]\s*([\u3040-\u30ff\u4e00-\u9fff]{2,8}))\Z"
)
_LABEL = re.compile(
    r"(?i)(?:(?:authors?|autor(?:in|a|zy|ka)?|auteurs?|autore|yazar|yazan|автор|συντάκτης)\s*:?\s+"
    r"|propos recueillis par\s+|(?:του|της)\s+|(?:بقلم|كتب|كتبت|إعداد|מאת)\s*:?\s+)(?=\S+\s+\S)"
)
# Whose pictures there are, behind the author's name.
_PICTURE_CREDIT = re.compile(
    r"(?i)[\s.,;|·•]+(?:photo\w*|pictures?|illustrat\w*|fotos?|fotografía\w*|bilder|zdjęcia|фото)"
    r"\s*(?:by|:|von|de)\s[^.!?]{2,60}\.?\Z"
)
_BY_KOREAN_NAMES = re.compile(KOREAN_BYLINE)
_BETWEEN_NAMES = re.compile(r"·|\s*,\s*(?:(?:and|&)\s+)?|\s+(?:and|&|und|et|y|e|en|i|и|ve)\s+")
_BY_WORD = re.compile(r"(?:by|von|par|por|di|door)\s", re.IGNORECASE)
_WEEKDAY_BEHIND = re.compile(r"(?i)(?:\son)?(?:\s(?:mon|tues|wednes|thurs|fri|satur|sun)day,?)?\Z")
_BYLINE_MARK = re.compile(r"\s*[·|•,;]\s*|\s+[–—-]\s+")
_MOST_NAMES_CHARS = 60
_MOST_BYLINE_CHARS = 120
_READING_TIME = re.compile(r"\d{1,3} ?min(?:ute)?s?(?: read)?", re.IGNORECASE)
# "Submitted by Jane Roe on Tue, 11/25/2025 - 08:00".
_SUBMISSION = re.compile(
    rf"(?i:submitted|posted|published|written|reported|words)\s+by:?\s+({_NAMES})"
    r"(?:\s+on\s[^.!?]*\d{4}[^.!?]*)?\Z"
)


def _without_day(line: str) -> str:
    """Return a byline without the day and the time that reading takes, written as "By Jane Roe"."""
    if len(line) > _MOST_BYLINE_CHARS:
        return line
    if match := _SUBMISSION.match(line):
        return f"By {match[1]}"
    if (source := read_source_line(line)) and source.byline:
        return source.byline
    if _BY_WORD.match(line):
        for mark in _BYLINE_MARK.finditer(line):
            if stamp(line[mark.end() :]):
                return line[: mark.start()]
        # A line end may have been the mark.
        days = days_in(line)
        if days and days[-1][1] == len(line.rstrip(" .")):
            return _WEEKDAY_BEHIND.sub("", line[: days[-1][0]].rstrip())
    parts = [part.strip() for part in re.split(r"[·|•]", line) if part.strip()]
    rest = [part for part in parts if not (stamp(part) or _READING_TIME.fullmatch(part))]
    if len(rest) < len(parts) and any(map(stamp, parts)):
        by = next((part for part in rest if part[:3].lower() == "by "), None)
        return by or (f"By {rest[0]}" if len(rest) == 1 else line)
    return line


def _labelled_names(line: str) -> str | None:
    """Return the names behind a word such as "Author:" in a line that has nothing else, but for a
    day."""
    if len(line) > _MOST_BYLINE_CHARS:
        return None
    parts = [part.strip() for part in re.split(r"[·|•]", line)]
    behind = SAYS_WHEN_BEHIND.search(line)
    if behind and behind.start():
        parts = [line[: behind.start()], line[behind.start() :]]
    rest = [part for part in parts if part and not stamp(part)]
    match = _LABELLED_NAMES.match(rest[0].strip(" ,")) if len(rest) == 1 else None
    return next(filter(None, match.groups())) if match else None


def without_label(author: str) -> str:
    """Return what a page calls its author without the word for one ("Author:", "Του")."""
    return _LABEL.sub("", author, count=1) if _LABEL.match(author) else author


@lru_cache(maxsize=8192)
def sure(line: str, place: Place) -> str | None:
    """Return the rule that makes this line boilerplate; ``None`` where its words do not decide it.

    place: above the first paragraph of the article, within it, or below the last.
    """
    if len(line) > _MAX_RULE_CHARS:
        return None
    line = re.sub(r"^[-*•]\s+|^\d+[.)]\s+(?=\D)", "", line).strip()
    line = re.sub(r"^[\[(<»›→ ]+(?=[^\W\d_])", "", line)
    # Before its buttons a share bar counts.
    words = _WORD.findall(re.sub(r"^(?:\d{1,4}\s+){1,3}(?=\D)", "", line.lower()))
    if words and set(words) <= SHARE_WORDS and set(words) & SHARE_VERBS:
        return "share"
    is_said = bool(ATTRIBUTION.search(line))
    for reason, pattern in EVERYWHERE:
        if is_said and reason in _SOLICITATIONS:
            continue
        if pattern.match(line) and not (reason == "related" and _goes_on(line)):
            return reason
    ends_open = line.endswith(":") and not OPEN_HEADING.match(line)
    if RELATED_HEADING.match(line) and (place != "body" or ends_open):
        return "related"
    if is_credit(line):
        return "credit"
    if place != "body":
        if words and set(words) <= NETWORKS:
            return "share"
        if PRESS_RELEASE.match(line):
            return "release"
        for reason, pattern in AT_THE_EDGE:
            if pattern.match(line):
                return reason
    if _is_crumbs(line, place):
        return "navigation"
    return "advert" if is_advert(line) and not is_said else None


def _is_crumbs(line: str, place: Place) -> bool:
    """Whether the line is a breadcrumb or a bar of sections: short names between separators, no
    sentence."""
    if _CRUMB_MARKS.isdisjoint(line):
        return False
    if place != "body" and re.match(r"[|›»/]\s?\w[\w ]{0,30}\Z", line):
        return True
    parts = [part.strip() for part in _CRUMB_MARK.split(line) if part.strip()]
    marks = len(_CRUMB_MARK.findall(line))
    if marks < 2 or re.search(r"[.!?;]\s|[.!?]\Z|\d{2,}", line):
        return False
    short = all(len(part.split()) <= 4 for part in parts)
    capitals = sum(part[:1].isupper() for part in parts) >= len(parts) - 1
    if not short or not capitals:
        return False
    # Amid an article names between marks are its own: an itinerary, winners, a row of a table.
    return place != "body" or (len(parts) >= 4 and _are_sections(parts, _SECTIONS))


def _are_sections(parts: Sequence[str], known: Set[str]) -> bool:
    sections = sum(set(_WORD.findall(part.lower())) <= known for part in parts)
    return sections * 2 > len(parts)


def may_be_names(line: str) -> bool:
    """Whether a line that looks like a bar of links may be the article's: winners, stations,
    parties. Most of the names in it are not those of a site's sections."""
    parts = [part for part in _CRUMB_MARK.split(line) if part.strip()]
    shares = any(set(_WORD.findall(part.lower())) & SHARE_VERBS for part in parts)
    return len(parts) > 1 and not shares and not _are_sections(parts, _FOOTER)


def _goes_on(line: str) -> bool:
    """Whether a sentence follows the colon of what begins like a link to another article: headlines
    seldom end in a full stop."""
    rest = line.partition(":")[2]
    return len(rest.split()) >= 5 and bool(re.search(r"\.[”\"’')]*\Z", rest))


def says_who_or_when(line: str) -> bool:
    """Whether a line says who wrote an article, or on which day or where it appeared, and
    nothing else."""
    line = line.strip()
    return bool(byline(line) or (stamp(line) and days_in(line)) or source_day(line))


def byline_names(line: str) -> list[str]:
    """Return the names in a line that is only a byline; none for any other, and where it names an
    office alone."""
    names = _BETWEEN_NAMES.split(byline(line) or "")
    return [name for name in names if not names_nobody(name)] if any(names) else []


def byline(line: str) -> str | None:
    """Return the author of a line that is only a byline ("By Jane Roe, Staff Writer", "Jane Roe,
    Staff Writer"), else ``None``. A day or the time that reading takes may stand beside it."""
    if len(line) <= _MOST_BYLINE_CHARS:
        line = _PICTURE_CREDIT.sub("", line)
    if name := _labelled_names(line):
        return name
    line = _without_day(line)
    if len(line) <= _MOST_NAMES_CHARS and (match := _BY_KOREAN_NAMES.match(line)):
        return match["korean"]
    if len(line) <= _MOST_NAMES_CHARS and (match := _BY_OTHER_NAMES.match(line)):
        return match[1]
    if len(line) > 120 or line[:3].lower() != "by ":
        return author_with_role(line)
    match = _BY_NAMES.match(f"by {line[3:]}")
    return match.group(1).strip(" ,") if match else None
