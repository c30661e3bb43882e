"""The names of the months by language, in lower case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["MONTHS", "NOMINATIVES", "SHORT_MONTHS", "month_names"]

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
        # As dates have them, which decline the name.
        "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада"
        " грудня",
        "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października"
        " listopada grudnia",
        "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
        "sk": "januára februára marca apríla mája júna júla augusta septembra októbra novembra"
        " decembra",
        "sv": "januari februari mars april maj juni juli augusti september oktober november"
        " december",
        "da": "januar februar marts april maj juni juli august september oktober november december",
        "nb": "januar februar mars april mai juni juli august september oktober november desember",
        "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta"
        " elokuuta syyskuuta lokakuuta marraskuuta joulukuuta",
        "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    }.items()
}
# The names by themselves, in languages that decline them.
NOMINATIVES: Final[tuple[tuple[str, ...], ...]] = tuple(
    zip(
        *(
            names.split()
            for names in (
                "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
                "січень лютий березень квітень травень червень липень серпень вересень жовтень"
                " листопад грудень",
                "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik"
                " listopad grudzień",
                "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
                "január február marec apríl máj jún júl august september október november december",
                "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu"
                " lokakuu marraskuu joulukuu",
            )
        ),
        strict=True,
    )
)
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
