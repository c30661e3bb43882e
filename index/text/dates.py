"""Find the day when an article was published: from what it states, its address or the words on its
page.

Only a whole, unambiguous day counts: ``05/06/2025`` is two days unless the order is given, ``May
2025`` is none, and a day in the future or before there were newspapers is a mistake. Otherwise the
day stays missing. Own patterns, because dateparser and htmldate fill in missing parts (a day, an
order, the year), which must not happen here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from index.text.date_types import DateOrder
from index.text.months import (
    MONTHS,
    NOMINATIVES,
    OTHER_MONTHS,
    SHORT_MONTHS,
    shortened_months,
)
from index.text.normalise import word_set
from index.text.weekdays import WEEKDAYS, weekday_number

__all__ = ["SAYS_CHANGED", "SAYS_WHEN_BEHIND", "Stamp", "days_in", "needs_order", "parse_day",
           "plausible", "says_only_when", "stamp", "url_day"]  # fmt: skip

_FIRST_NEWSPAPER, _FIRST_WEB = date(1605, 1, 1), date(1993, 1, 1)
# What clocks and spreadsheets that were never set say.
_UNSET = frozenset({date(1970, 1, 1), date(1969, 12, 31), date(1900, 1, 1), date(1899, 12, 30)})

_MONTH = {
    name: i
    for i, names in enumerate(zip(*MONTHS.values(), strict=True), start=1)
    for name in (*names, *NOMINATIVES[i - 1], *SHORT_MONTHS[i - 1])
}
for _other_names in OTHER_MONTHS:
    for _number, _month in enumerate(_other_names, start=1):
        _MONTH.setdefault(_month, _number)
_MONTH = {**shortened_months(), **_MONTH}
# No letter may follow; a mark that is none, and ends names of Indian scripts, is no end of a word.
_NAME = rf"(?:{'|'.join(sorted(map(re.escape, _MONTH), key=len, reverse=True))})(?!\w)"

_ROMAN = r"(?-i:I{1,3}|IV|VI{0,3}|IX|XI{0,2})"
_ROMAN_NUMBERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8,
                  "IX": 9, "X": 10, "XI": 11, "XII": 12}  # fmt: skip
_YEAR = r"(?P<y>1[6-9]\d\d|2[01]\d\d)"
_FORMS = (
    rf"(?<![\d/.-]){_YEAR}(?P<s>[-/.])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})(?!\d|[/.-]\d)",
    rf"{_YEAR}\s*年\s*(?P<m>\d{{1,2}})\s*月\s*(?P<d>\d{{1,2}})\s*日",
    rf"\b(?P<n>{_NAME})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b\s*,?\s*{_YEAR}\b",
    # Arabic news names a month twice, as two parts of the world do ("مارس/آذار").
    rf"\b(?P<d>\d{{1,2}})(?:\.|(?:st|nd|rd|th|er|º|\.)?[\s/-]+)(?:of\s+|de\s+)?(?P<n>{_NAME})\.?"
    rf"(?:\s?/\s?(?P<n2>{_NAME}))?[\s,،/-]+(?:de\s+)?{_YEAR}(?:\b|(?=ء))",
    rf"\b(?P<n>{_NAME})\s+(?P<d>\d{{1,2}})\s+\d{{1,2}}:\d\d(?::\d\d)?\s+(?:[A-Z]{{2,5}}\s+)?{_YEAR}\b",
    rf"(?<![\d/.-]){_YEAR}\.\s(?P<m>\d{{1,2}})\.\s(?P<d>\d{{1,2}})\.",
    # Hungarian, Lithuanian; Latvian; Basque.
    rf"(?<![\d/.-]){_YEAR}(?:\.| m\.|ko)\s(?P<n>{_NAME})\s(?P<d>\d{{1,2}})(?!\d)",
    rf"(?<![\d/.-]){_YEAR}\.\s?gada\s(?P<d>\d{{1,2}})\.\s(?P<n>{_NAME})",
    rf"{_YEAR}\s*년\s*(?P<m>\d{{1,2}})\s*월\s*(?P<d>\d{{1,2}})\s*일",
    rf"\b(?P<d>\d{{1,2}})\s+tháng\s+(?P<m>\d{{1,2}})(?:\s+năm|,)?\s+{_YEAR}\b",
    rf"\b(?P<d>\d{{1,2}})\s?[-–]?(?P<n>{_NAME})\s{_YEAR}\b",
    # Poland, Hungary and Italy have Roman months; with spaces the day is first anywhere.
    rf"(?<![\d/.-])(?P<d>\d{{1,2}})[. ]{{1,2}}(?P<r>{_ROMAN})[. ]{{1,2}}{_YEAR}(?!\d|[/.-]\d)",
    rf"(?<![\d/.-])(?P<d>\d{{1,2}})\.\s(?P<m>\d{{1,2}})\.\s{_YEAR}(?!\d|[/.-]\d)",
    rf"(?<![\d/.-])(?P<a>\d{{1,2}})(?P<s>[-/.])(?P<b>\d{{1,2}})(?P=s){_YEAR}(?!\d|[/.-]\d)",
)
_YEAR_SOMEWHERE = re.compile(r"1[6-9]\d\d|2[01]\d\d")
_DAYS = [re.compile(form, re.IGNORECASE) for form in _FORMS]

# A month, a week, and seconds or milliseconds since 1970, which other readers make a day of.
_PARTIAL = re.compile(r"\d{4}(?:-\d{2}|-?W\d{2})?|\d{9,11}|\d{13}")
_COMPACT = re.compile(r"(?:D:)?((?:19|20)\d\d)(\d\d)(\d\d)(?:\d{4,6})?(?:[Zz+-].*)?$")
_IN_URL = (
    re.compile(r"/((?:19|20)\d\d)/(\d\d?)/(\d\d?)(?=/|$)"),
    re.compile(rf"/((?:19|20)\d\d)/({_NAME})/(\d\d?)(?=/|$)", re.IGNORECASE),
    re.compile(r"[/_-]((?:19|20)\d\d)-(\d\d)-(\d\d)(?=[/_.-]|$)"),
    re.compile(r"[/_-]((?:19|20)\d\d)(\d\d)(\d\d)(?=[/_.-]|$)"),
)


def plausible(day: date, today: date, earliest: date = _FIRST_NEWSPAPER) -> bool:
    """Whether a day is not in the future (with a day of grace for time zones), not before
    ``earliest``, and not the default of an unset clock."""
    return earliest <= day <= today + timedelta(days=1) and day not in _UNSET


def days_in(text: str, order: DateOrder | None = None) -> list[tuple[int, int, date | None]]:
    """Find each full date in the text; returns ``(start, end, day)`` in order.

    ``day`` is ``None`` for a date that does not exist or is ambiguous. ``order`` decides the order
    of day and month, unless a number above 12 does; without it the day comes first between dots.
    """
    days: list[tuple[int, int, date | None]] = []
    text = _plain_digits(text)
    if not _YEAR_SOMEWHERE.search(text):
        return days
    coverage = bytearray(len(text))
    for pattern in _DAYS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(coverage[start:end]):
                coverage[start:end] = b"\x01" * (end - start)
                days.append((start, end, _day_by_weekday(match) or _day(match, order)))
    return sorted(days, key=lambda entry: entry[0])


def _plain_digits(text: str) -> str:
    """Write the digits of all scripts as 0 to 9; every character keeps its place."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(char)) if not char.isascii() and char.isdecimal() else char
        for char in text
    )


def _day(match: re.Match[str], order: DateOrder | None) -> date | None:
    parts = match.groupdict()
    if "a" in parts:
        return _numeric(int(parts["y"]), int(parts["a"]), int(parts["b"]), parts["s"], order)
    # The one name that two languages give to two months: Croatian dates have a full stop before it.
    if parts.get("n", "").lower() == "listopada" and f"{parts['d']}. " in match[0]:
        return _date(int(parts["y"]), 10, int(parts["d"]))
    if "r" in parts:
        return _date(int(parts["y"]), _ROMAN_NUMBERS[parts["r"]], int(parts["d"]))
    month = _MONTH[parts["n"].lower()] if "n" in parts else int(parts["m"])
    if (second_name := parts.get("n2")) and _MONTH[second_name.lower()] != month:
        return None
    return _date(int(parts["y"]), month, int(parts["d"]))


def _day_by_weekday(match: re.Match[str]) -> date | None:
    """Return the day of a date in figures that stands behind the name of its weekday, if only one
    order of day and month fits that ("Tue, 03/04/2025")."""
    parts = match.groupdict()
    name = _WEEKDAY_BEFORE.search(match.string, max(0, match.start() - 20), match.start())
    if "a" not in parts or name is None:
        return None
    year, a, b = (int(parts[part]) for part in "yab")
    days = {_date(year, a, b), _date(year, b, a)}
    fitting = [day for day in days if day and day.weekday() == weekday_number(name[1])]
    return fitting[0] if len(fitting) == 1 else None


def _numeric(year: int, a: int, b: int, mark: str, order: DateOrder | None) -> date | None:
    if (mark == "." and order != "mdy") or a > 12 or (order == "dmy" and b <= 12):
        return _date(year, b, a)
    if b > 12 or order == "mdy" or a == b:
        return _date(year, a, b)
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def parse_day(text: str, order: DateOrder | None = None) -> date | None:
    """Parse the day in a piece of metadata: ISO 8601, RFC 2822, PDF's form or words; ``None`` when
    it states none, several, or an ambiguous one."""
    text = _plain_digits(text.strip())
    if _PARTIAL.fullmatch(text):
        return None
    if compact := _COMPACT.match(text):
        year, month, day = (int(part) for part in compact.groups())
        return _date(year, month, day)
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        days = {day for _, _, day in days_in(text[:200], order)}
        return days.pop() if len(days) == 1 else None


def needs_order(text: str) -> bool:
    """Whether a piece of metadata states a day that depends on the order of day and month."""
    return parse_day(text, "dmy") != parse_day(text, "mdy")


def url_day(url: str | None, today: date) -> date | None:
    """Find the day in an address, as ``/2025/05/26/`` or ``-2025-05-26``; year and month alone give
    ``None``."""
    path = re.sub(r"^[a-z]+://[^/]*|[?#].*$", "", url or "", flags=re.IGNORECASE)
    for pattern in _IN_URL:
        for match in pattern.finditer(path):
            year, month, day = match.groups()
            candidate = _date(int(year), _MONTH.get(month.lower()) or int(month), int(day))
            if candidate and plausible(candidate, today, _FIRST_WEB):
                return candidate
    return None


_PUBLICATION_WORDS = (
    r"(?:this (?:article|story|post) was )?(?:(?:first|originally) )?"
    r"(?:published|posted|issued|handed down|delivered|publication date|date published"
    r"|published date|veröffentlicht|erschienen|publié|publie|publicado|pubblicato|gepubliceerd"
    r"|publicatiedatum|дата публикации|опубликовано"
    r"|дата публікації|опубліковано|data publikacji|opublikowano|publikováno|zveřejněno|publikované"
    r"|zverejnené|publicerad|publicerat|publiceret|publisert|julkaistu|yayınlanma|yayın tarihi"
    r"|(?:기사)?(?:입력|등록|승인)|게시|발행|公開|配信|掲載)"
    r"(?: online)?"
)
_CHANGE_WORDS = (
    r"(?:last )?(?:updated|modified|edited|revised|reviewed|aktualisiert|mis à jour|modifié"
    r"|modifiée|actualizado"
    r"|aggiornato|modificato|modifica|atualizado|bijgewerkt|обновлено|изменено|оновлено|змінено|aktualizacja"
    r"|zaktualizowano|aktualizováno|aktualizované|upraveno|uppdaterad|uppdaterat|opdateret"
    r"|oppdatert|päivitetty|güncellenme|güncelleme)|last update|stand|(?:최종\s?)?수정"
    r"|업데이트|(?:最終)?更新"
)
SAYS_CHANGED = re.compile(rf"\b(?:{_CHANGE_WORDS})\b", re.IGNORECASE)
# What says when, behind a name in a byline.
SAYS_WHEN_BEHIND = re.compile(
    rf"(?:^|[\s,;(]+)(?:{_PUBLICATION_WORDS}|{_CHANGE_WORDS})\b.*", re.IGNORECASE | re.DOTALL
)
_READING_TIME = (
    r"reading time|temps de lecture|lesezeit|lesedauer|tiempo de lectura|tempo di lettura"
    r"|tempo de leitura|leestijd"
)
_ZONE = (
    r"GMT|UTC|BST|EST|EDT|ET|CET|CEST|MEZ|MESZ|PT|PST|PDT|CT|CST|CDT|IST|SGT|HKT|JST|AEST|AEDT|МСК"
)
_WEEKDAY = "|".join(
    sorted({name for names in WEEKDAYS.values() for name in names}, key=len, reverse=True)
).replace("’", "['’ʼ]")
_WEEKDAY_BEFORE = re.compile(r"([^\W\d_]+)[.,]?\s+\Z")
# What a line that only says when is made of, beside full dates.
_PIECES = re.compile(
    rf"\b(?:{_PUBLICATION_WORDS})\b|\b(?:{_CHANGE_WORDS})\b"
    r"|\b\d{1,2}(?:[:.h]\d{2}){1,2}(?:\.\d+)?\s*(?:[ap]\.?m\b\.?|hrs\b|uhr\b|h\b)?"
    r"|\b\d{1,2}\s*[ap]\.?m\b\.?|\d{1,2}\s?[時时시]\s?(?:\d{1,2}\s?[分분])?"
    rf"|\b(?:{_ZONE})\b|(?<=[\d\s])[+-]\d\d:?\d\d\b|(?<=\d)Z\b"
    r"|\b(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)\b\.?"
    rf"|\b(?:{_WEEKDAY})\b"
    rf"|\b(?:{_NAME})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}\.?\s+(?:{_NAME})\.?"
    r"|\b(?:a|an|\d+)\s*(?:sec(?:ond)?|min(?:ute)?|hr|hour|day|week|month)s?\.?\s+ago\b"
    r"|\b\d+\s*(?:-\s*)?min(?:ute)?s?\.?\s+read\b"
    rf"|\b(?:{_READING_TIME})\W{{0,3}}\d+\s*min(?:ut\w{{1,3}}|\.)?(?!\w)"
    r"|\b(?:오전|오후)\b|\b(?:on|at|and|am|um|le|à|el|a las|il|alle|op|om|date|time|local time)\b"
    # "Of the year", behind it.
    r"|\b(?:года?|год|року?|г|р|roku|kl|klo|o|об?|в|у)\b\.?"
    r"|[\s|·•:,;/()\[\]–—-]+",
    re.IGNORECASE,
)
_SAYS_WHEN = re.compile(
    rf"\b(?:{_PUBLICATION_WORDS}|{_CHANGE_WORDS})\b|\bago\b|\d{{1,2}}:\d\d|(?:{_NAME})\.?\s+\d|\d\.?\s+"
    rf"(?:{_NAME})",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"^by\s+(?:[^\s\d|·•]+\s+){1,8}?(?=[|·•–—-]|(?:published|posted|updated)\b"
                     rf"|(?:{_NAME})|\d|(?:mon|tue|wed|thu|fri|sat"
                     rf"|sun))", re.IGNORECASE)  # fmt: skip
_BY_AFTER = re.compile(r"\bby(?:\s+[^\s\d|.]+){1,4}\s*$", re.IGNORECASE)
_LABEL_BEFORE = re.compile(
    rf"\b(?:(?P<p>{_PUBLICATION_WORDS})|(?P<c>{_CHANGE_WORDS}))\b", re.IGNORECASE
)
_MAX_STAMP = 160
# All words that a stamp may hold beside a byline: what has another one is ruled out cheaply.
_STAMP_WORDS = frozenset(
    word
    for part in (
        " ".join(_MONTH),
        _PUBLICATION_WORDS,
        _CHANGE_WORDS,
        _ZONE,
        _WEEKDAY,
        _READING_TIME,
    )
    for word in re.findall(r"[^\W\d_]+", part.lower())
) | word_set(
    "mon tue tues wed thu thur thurs fri sat sun sec secs second seconds min mins minute minutes hr"
    " hrs hour hours day days week weeks month months ago read a an p m am pm h uhr on at and um le"
    " à el las il alle op om date time local"
    " st nd rd th er º of de t z s 年 月 日 год года рок року г р roku kl klo o о об в у"
    " 時 时 分 시 분 년 월 일 오전 오후"
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A line that states a time and nothing else.

    ``published``: the days after a word such as "Published", ``plain``: those after no such word;
    days of changes are in neither. ``label``: it ends in such a word, so the day may stand on the
    next line. ``first``: it states when the article itself first appeared.
    """

    published: tuple[date | None, ...] = ()
    plain: tuple[date | None, ...] = ()
    label: bool = False
    first: bool = False


# Beside the time stand source, author and editor in pages in Chinese and Japanese.
_CHINESE_LABELS = re.compile(
    r"(?:来源|來源|作者|记者|記者|(?:责任)?编辑|責任編輯|編輯|责编|責編|取材・文|文・写真|文|著者|執筆|写真)\s*[：:＝=]\s*[^\s：:|｜]{1,20}(?=\s|[|｜]|\Z)"
    r"|(?:发布|發布|發佈)?(?:时间|時間|日期)\s*[：:]"
)

_CHINESE_SOURCE = re.compile(r"\A\s*[\u4e00-\u9fff]{2,12}\s+(?=\d{4})")


def stamp(line: str, order: DateOrder | None = None) -> Stamp | None:
    """Parse a line as a stamp; ``None`` when it has other words besides the time (a byline before
    it is allowed)."""
    if len(line) > _MAX_STAMP:
        return None
    unlabelled_line = _CHINESE_LABELS.sub(" ", line)
    # The source may stand first, without a label of its own.
    line = unlabelled_line if unlabelled_line == line else _CHINESE_SOURCE.sub("", unlabelled_line)
    words = set(re.findall(r"[^\W\d_]+", line.lower()))
    if not words <= _STAMP_WORDS and "by" not in words:
        return None
    days = days_in(line, order)
    rest = line
    for start, end, _ in reversed(days):
        # The T of ISO 8601 goes with its day.
        rest = f"{rest[:start]} {re.sub(r'^T(?=[0-9])', ' ', rest[end:])}"
    if not days and not _SAYS_WHEN.search(line):
        return None
    if days or _LABEL_BEFORE.search(rest):
        rest = _BY_AFTER.sub("", _BYLINE.sub("", rest))
    return _stamp(line, days) if says_only_when(rest) else None


def says_only_when(text: str) -> bool:
    """Whether nothing is left of a text without times, weekdays, words such as "updated" and marks:
    so is what stands beside the full dates of a stamp."""
    return not _PIECES.sub("", text).strip(" .|")


def _stamp(line: str, days: Sequence[tuple[int, int, date | None]]) -> Stamp:
    labels = list(_LABEL_BEFORE.finditer(line))
    publication_days: list[date | None] = []
    plain: list[date | None] = []
    for start, _, day in days:
        before = [label for label in labels if label.end() <= start]
        if not before:
            plain.append(day)
        elif before[-1]["p"]:
            publication_days.append(day)
    last = labels[-1] if labels else None
    ends_open = bool(last and last["p"] and all(start < last.start() for start, _, _ in days))
    first = re.search(r"\b(?:first|originally)\b|this (?:article|story|post)", line, re.IGNORECASE)
    return Stamp(tuple(publication_days), tuple(plain), ends_open, bool(first))
