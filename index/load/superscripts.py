"""Write raised characters (powers, ordinal endings, marks of notes) so that none joins a number.

A note's mark behind a number would be read as its last digit: 14 with note 3 is not 143. Marks of
notes are left out, since a sentence that is quoted alone has no notes.
"""

from __future__ import annotations

import re
from collections.abc import Set

from index.text.normalise import word_set

__all__ = ["ENGLISH_ORDINALS", "ORDINALS", "settle_superscripts", "subscript_text",
           "superscript_text"]  # fmt: skip

ENGLISH_ORDINALS = word_set("st nd rd th")
ORDINALS = ENGLISH_ORDINALS | word_set(
    "er re e ème eme ère o a os as º ª es r d me mes lle lles te de ter to"
)

# What is raised to powers; above any other number stands a note.
_BASE = re.compile(r"(?:^|[^\d.,$€£¥])(?:10|2)$")
# Letters that stand for numbers ("a" and "I" are words), functions, and units of length.
_POWER_BASE = re.compile(r"(?<![^\W_])[b-zERVα-ωΔΦΨΩ]$|(?<![^\W\d_])(?:mc|sin|cos|tan|log)$")
# An expression in brackets or bars: letters that stand alone and signs between them, or a sum.
_CLOSED = re.compile(
    r"[(\[](?:(?=[^()\[\]]*[^\W\d_])(?=[^()\[\]]*(?:[+−×·*/=^]|[a-zα-ω]\s?[-–]|[-–]\s?[a-zα-ω]))"
    r"|(?=[\d\s.,]*[+−×·*]))(?:(?![^\W\d_]{2})[^()\[\]]){3,30}[)\]]$"
    r"|(?<!\w)[|‖](?!\s)(?:(?![^\W\d_]{2})[^|‖]){1,20}(?<!\s)[|‖]$"
    r"|(?<![^\W\d_])[a-z]\([a-z]\)$"
)
# The charge of an ion, behind its formula.
_CHARGE = re.compile(r"\d?[+−-]")
_ION = re.compile(r"(?<![^\W_])(?:[A-Z][a-z]?\d{0,2})+$|[₀-₉]$")
# Units have squares and cubes; above them any other number is a note.
_UNIT = re.compile(
    r"(?<![^\W\d_])[kcdmµμn]?m$|\d\s?(?:ft|in|yd|mi|sec)$"
    r"|(?:\b(?:per|a|sq)\s|/)(?:ft|yd|mi|s|h)$"
    r"|(?:\d\s?|\bper\s|/)(?:miles?|yards?|foot|feet|inch(?:es)?|(?:kilo|centi|milli)?met(?:er|re)s?)$"
)
_MEASURE = re.compile(r"\d\s?(?:[kcdmµμn]?m|ft|in|yd|mi|sec)$")
_UNIT_POWERS = {"2", "3"}
# An isotope ("14" before "C"): a chemical sign by itself follows.
_ISOTOPE = re.compile(r"[A-Z][a-z]?(?![^\W\d_])")
# Signs of a sum, in which a small number above another one is a power.
_SUM_BEFORE, _SUM_AFTER = re.compile(r"[=+×·*/]\s?[\d.,]+$"), re.compile(r"\s?[=×·*+]\s?\d")
_SUM = re.compile(r"[a-z\d]{1,3}(?:\s?[+−-]\s?[a-z\d]{1,3}){1,3}")
_LETTER_POWER = re.compile(r"(?:\b\w|\b10)$")
_NUMBER = re.compile(r"[-−–+]?\d+(?:[.,]\d+)*")
_MARKS = re.compile(r"[\[(]?[\d*†‡§¶#,;–\-\s]+[\])]?|\[.{1,30}\]")
_NOTE_TEXT = re.compile(r"[\[(]?\s*(?:[a-z]|[ivx]{1,5})\s*[\])]?(?:\s*[,;–-]\s*(?:[a-z]|\d{1,3}))*")
_TRADE = re.compile(r"(?i)tm|sm|®|™|℠|©")
# What endings of ordinals stand behind: a number, a Roman one, an initial (Mᵐᵉ).
_ORDINAL = re.compile(r"(?:\d|\b[IVXLC]+|\b[A-Z]\w?)$")
# An "o" between a number and the letter of a scale.
_DEGREES_BEFORE, _DEGREES_AFTER = re.compile(r"\d\s?$"), re.compile(r"\s?[CF]\b")
_SHORT_NUMBER = re.compile(r"(?<![\d.,])\d{1,2}$")
_PRICE = re.compile(r"[$€£¥]\s?\d+$")
_SCALE = re.compile(r"\s*(?:thousand|million|billion|trillion|mn|bn|m\b|k\b|per cent|percent|%)")
_CENTS_FROM = 49
_DIGITS_OF_A_NOTE = 3
_MOST_NOTES = 1000


def superscript_text(
    before: str,
    characters: str,
    after: str = "",
    ordinals: Set[str] = ORDINALS,
    is_note: bool = False,
) -> str:
    """Write raised characters after the text ``before`` them: ``^6`` for a power, an ordinal's
    ending as it is, nothing for the mark of a note.

    after: what follows, as far as it is known.
    ordinals: the ordinal endings of the language.
    is_note: whether the source itself marks this as a note.
    """
    mark = characters.strip()
    if not mark:
        return characters
    gap = " " if characters[-1].isspace() else ""
    if is_note:
        return gap
    if _TRADE.fullmatch(mark):
        return f"{'™' if mark.lower() == 'tm' else mark}{gap}"
    if mark in ("o", "º") and _DEGREES_BEFORE.search(before) and _DEGREES_AFTER.match(after):
        return "°"
    if mark.lower().rstrip(".") in ordinals and _is_ordinal(before, mark):
        return f"{mark}{gap}"
    if _NUMBER.fullmatch(mark) and not _counts_up(mark):
        return f"{_raised_number(before, mark, after)}{gap}"
    has_powers = _LETTER_POWER.search(before) or _CLOSED.search(before)
    if _SUM.fullmatch(mark) and has_powers:
        return f"^({mark}){gap}"
    if _CHARGE.fullmatch(mark) and _ION.search(before):
        return f"^{mark}{gap}"
    if mark in ("n", "x", "k", "y", "z", "t") and has_powers:
        return f"^{mark}{gap}"
    if _MARKS.fullmatch(mark) or _NOTE_TEXT.fullmatch(mark):
        return gap
    apart = " " if before[-1:].isalnum() else ""
    return f"{apart}{mark}{' ' if not after or after[0].isalnum() else gap}"


# Characters that are raised by themselves.
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", "0123456789+-=()n")
_RAISED_RUN = re.compile(r"[⁰¹²³⁴-⁹⁺⁻⁼⁽⁾ⁿ]+(?:[,–-] ?[⁰¹²³⁴-⁹]+)*")
_LOWERED = frozenset("₀₁₂₃₄₅₆₇₈₉")
_CONTEXT = 40
# Letters before a raised figure that make a word, and no unit, formula or variable.
_WORD = re.compile(r"[^\W\d_]{3,}$")


def settle_superscripts(text: str) -> str:
    """The text without raised characters (``¹``) that join a number or a word: notes' marks go,
    powers of numbers are written as ``^6``. What stands by itself, and powers of units and letters
    (``m²``), stay as they are."""
    if not _RAISED_RUN.search(text):
        return text

    def settled(match: re.Match[str]) -> str:
        start, end = match.span()
        before = text[max(0, start - _CONTEXT) : start].rpartition("\n")[2]
        after = text[end : end + _CONTEXT].partition("\n")[0]
        mark = match[0].translate(_RAISED)
        if not before or before[-1].isspace():
            return f"{match[0]} " if after[:1].isdigit() else match[0]
        characters = superscript_text(before, mark, after)
        if before[-1].isalpha() or (characters == f"^{mark}" and before[-1] in _LOWERED):
            is_note = not characters and _WORD.search(before) and mark[-1].isdigit()
            return "" if is_note else match[0]
        return match[0] if characters == mark else characters

    return _RAISED_RUN.sub(settled, text)


def subscript_text(before: str, characters: str) -> str:
    """Write lowered characters: as they are (CO2), but set off from a digit (10_2)."""
    joins = characters[:1].isdigit() and before[-1:].isdigit()
    return f"_{characters}" if joins else characters


def _counts_up(mark: str) -> bool:
    """Whether a mark is the numbers of several notes: ``13,14``."""
    parts = mark.split(",")
    if len(parts) < 2 or not all(part.isdigit() and part[0] != "0" for part in parts):
        return False
    numbers = list(map(int, parts))
    return numbers == sorted(set(numbers)) and numbers[-1] < _MOST_NOTES


def _in_sum(before: str, after: str) -> bool:
    return bool(_SUM_BEFORE.search(before) or _SUM_AFTER.match(after))


def _is_ordinal(before: str, ending: str) -> bool:
    # A single letter above a longer number or a decimal is rather a note.
    if len(ending) == 1 and before[-1:].isdigit():
        return ending in "eoaºª" and bool(_SHORT_NUMBER.search(before))
    return bool(_ORDINAL.search(before))


def _raised_number(before: str, number: str, after: str) -> str:
    if re.match(r"\s*[/⁄]", after) and (not before or before[-1].isdigit() or before[-1] == " "):
        return f" {number}" if before[-1:].isdigit() else number
    if _CLOSED.search(before):
        return f"^{re.sub('[−–]', '-', number)}"
    if number[0] in "-−–+":
        power = re.sub("[−–]", "-", number)
        return f"^{power}" if re.search(r"[^\W_]$", before) else ""
    if number in _UNIT_POWERS and _UNIT.search(before):
        return f"^{number}"
    is_power = _POWER_BASE.search(before) and not _MEASURE.search(before)
    is_power = is_power or (_BASE.search(before) and not _SCALE.match(after))
    if is_power or (before[-1:].isdigit() and _in_sum(before, after)):
        return f"^{number}"
    if (not before or before[-1] in " (") and _ISOTOPE.match(after):
        return number
    price = _PRICE.search(before) and len(number) == 2 and not _SCALE.match(after)
    if price and int(number) >= _CENTS_FROM:
        return f".{number}"
    return "" if len(number) <= _DIGITS_OF_A_NOTE else f" {number}"
