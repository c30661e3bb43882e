"""The names of the days of the week by language, Monday first, in lower case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["WEEKDAYS", "weekday_number"]

WEEKDAYS: Final[Mapping[str, tuple[str, ...]]] = {
    language: tuple(names.split())
    for language, names in {
        "en": "monday tuesday wednesday thursday friday saturday sunday",
        "de": "montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "es": "lunes martes miércoles jueves viernes sábado domingo",
        "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
        "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
        "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "ru": "понедельник вторник среда четверг пятница суббота воскресенье",
        "uk": "понеділок вівторок середа четвер п’ятниця субота неділя",
        "pl": "poniedziałek wtorek środa czwartek piątek sobota niedziela",
        "cs": "pondělí úterý středa čtvrtek pátek sobota neděle",
        "sk": "pondelok utorok streda štvrtok piatok sobota nedeľa",
        "sv": "måndag tisdag onsdag torsdag fredag lördag söndag",
        "da": "mandag tirsdag onsdag torsdag fredag lørdag søndag",
        "nb": "mandag tirsdag onsdag torsdag fredag lørdag søndag",
        "fi": "maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina",
        "tr": "pazartesi salı çarşamba perşembe cuma cumartesi pazar",
    }.items()
}

_NUMBERS = {
    name: number
    for names in (*WEEKDAYS.values(), ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
    for number, name in enumerate(names)
}


def weekday_number(name: str) -> int | None:
    """Return the number of a day of the week, 0 for Monday; ``None`` for another word."""
    return _NUMBERS.get(name.lower())
