"""The names of the months by language, in lower case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["MONTHS", "SHORT_MONTHS", "month_names"]

MONTHS: Final[Mapping[str, tuple[str, ...]]] = {
    language: tuple(names.split())
    for language, names in {
        "en": "january february march april may june july august september october november"
        " december",
        "de": "januar februar märz april mai juni juli august september oktober november dezember",
        "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre"
        " décembre",
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
        " diciembre",
        "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre"
        " novembre dicembre",
        "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro"
        " dezembro",
        "nl": "januari februari maart april mei juni juli augustus september oktober november"
        " december",
    }.items()
}
# Short forms, and spellings without accents, of one month after the other.
SHORT_MONTHS: Final[tuple[tuple[str, ...], ...]] = tuple(
    tuple(names.split())
    for names in (
        "jan janv ene gen jänner",
        "feb févr fevrier febb fev",
        "mar maerz mrt marco",
        "apr avr abr",
        "mag",
        "jun giu",
        "jul juil lug",
        "aug aout ago",
        "sept sep sett set",
        "oct okt ott out",
        "nov",
        "dec dez déc decembre dic",
    )
)


def month_names(*languages: str) -> frozenset[str]:
    """Return the full names in these languages."""
    return frozenset(name for language in languages for name in MONTHS[language])
