"""Measure how well old encodings are detected.

``python -m eval.studies.encodings --into docs/evaluation.md`` writes the table. The same few
sentences in each language are written in each encoding that its texts were kept in, and read as a
text file, as a page without a label, with the right one and with a wrong one. Every text comes out
right, is refused, or is garbled; only the last is a fault, as nothing says so.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from eval.report.markdown import show_table, table
from index.errors import LoadError
from index.load.base import decode
from index.load.encoding.charset import decode_page

__all__ = ["SAMPLES", "Outcome", "Way", "main", "outcome_of", "outcomes", "rows"]

Outcome = Literal["right", "refused", "garbled"]
Way = Literal["text", "page", "labelled", "mislabelled"]
WAYS: Final[tuple[Way, ...]] = ("text", "page", "labelled", "mislabelled")

# Of each language the encodings, and a few sentences of our own.
SAMPLES: Final[Mapping[str, tuple[str, str]]] = {
    "Czech": ("cp1250 iso8859_2",
              "Přístavní úřad v pondělí rozhodl, že se starý jeřáb už nebude opravovat. Čtyřicet "
              "dělníků přijde o práci, řekl mluvčí Jiří Kovář."),
    "Slovak": ("cp1250 iso8859_2",
               "Prístavný úrad v pondelok rozhodol, že starý žeriav už nebude opravovať. Štyridsať "
               "robotníkov príde o prácu, povedal hovorca Ľuboš Kováč."),
    "Polish": ("cp1250 iso8859_2",
               "Zarząd portu zdecydował, że stary żuraw nie będzie już naprawiany. Czterdziestu "
               "robotników straci pracę, powiedział rzecznik Łukasz Wójcik."),
    "Hungarian": ("cp1250 iso8859_2",
                  "A kikötő vezetősége úgy döntött, hogy a régi darut többé nem javítják meg. "
                  "Negyven munkás veszíti el az állását, közölte a szóvivő, Szőke Ödön."),
    "Croatian": ("cp1250 iso8859_2",
                 "Uprava luke odlučila je da se stara dizalica više neće popravljati. Četrdeset "
                 "radnika ostat će bez posla, rekao je glasnogovornik Đuro Šimić."),
    "Slovenian": ("cp1250 iso8859_2",
                  "Uprava pristanišča je sklenila, da starega žerjava ne bodo več popravljali. "
                  "Štirideset delavcev bo ostalo brez dela, je povedal govorec Žiga Češnovar."),
    "Romanian": ("cp1250 iso8859_2",
                 "Conducerea portului a hotărât că macaraua veche nu va mai fi reparată. Patruzeci "
                 "de muncitori îşi vor pierde slujba, a spus purtătorul de cuvânt Ştefan Ţurcanu."),
    "Turkish": ("cp1254 iso8859_9",
                "Liman yönetimi eski vincin artık onarılmayacağına karar verdi. Kırk işçi işini "
                "kaybedecek, dedi sözcü Şükrü Çağlar. Bütçede yeterli para bulunmuyor."),
    "Greek": ("cp1253 iso8859_7",
              "Η διοίκηση του λιμανιού αποφάσισε ότι ο παλιός γερανός δεν θα επισκευαστεί πια. "
              "Σαράντα εργάτες θα χάσουν τη δουλειά τους, είπε ο εκπρόσωπος."),
    "Russian": ("cp1251 koi8_r iso8859_5 cp866",
                "Управление порта решило, что старый кран больше не будут ремонтировать. Сорок "
                "рабочих потеряют работу, сказал представитель порта Фёдор Щукин."),
    "Ukrainian": ("cp1251 koi8_u",
                  "Управління порту вирішило, що старий кран більше не ремонтуватимуть. Сорок "
                  "робітників втратять роботу, сказала речниця порту Їжакевич."),
    "Belarusian": ("cp1251",
                   "Упраўленне порта вырашыла, што стары кран больш не будуць рамантаваць. Сорак "
                   "рабочых страцяць працу, сказаў прадстаўнік порта."),
    "Bulgarian": ("cp1251 iso8859_5",
                  "Управата на пристанището реши, че старият кран няма да бъде ремонтиран повече. "
                  "Четиридесет работници ще останат без работа, каза говорителят."),
    "Serbian": ("cp1251 iso8859_5",
                "Управа луке одлучила је да се стара дизалица више неће поправљати. Четрдесет "
                "радника остаће без посла, рекао је портпарол Ђорђе Љубић."),
    "German": ("cp1252 iso8859_15",
               "Die Hafenbehörde hat beschlossen, dass der alte Kran nicht länger repariert wird. "
               "Vierzig Arbeiter verlieren ihre Stelle, sagte Jürgen Größ."),
    "French": ("cp1252 iso8859_15",
               "La direction du port a décidé que la vieille grue ne serait plus réparée. Quarante "
               "ouvriers perdront leur emploi, a déclaré François Lefèvre."),
    "Spanish": ("cp1252 iso8859_15",
                "La dirección del puerto decidió que la vieja grúa ya no será reparada. Cuarenta "
                "obreros perderán su empleo, según el señor Núñez."),
    "Portuguese": ("cp1252 iso8859_15",
                   "A direção do porto decidiu que o velho guindaste não será mais reparado. "
                   "Quarenta operários perderão o emprego, disse João Gonçalves."),
    "Swedish": ("cp1252 iso8859_15",
                "Hamnstyrelsen beslöt på måndagen att kranen inte längre ska lagas. Fyrtio "
                "arbetare förlorar sina jobb, sade talesmannen Åke Öberg."),
    "Danish": ("cp1252 iso8859_15",
               "Havnens ledelse har besluttet, at den gamle kran ikke længere skal repareres. "
               "Fyrre arbejdere mister deres job, sagde talsmanden Søren Ågård."),
    "Finnish": ("cp1252 iso8859_15",
                "Satamalautakunta päätti maanantaina, että vanhaa nosturia ei enää korjata. "
                "Neljäkymmentä työntekijää menettää työnsä, sanoi tiedottaja."),
    "Icelandic": ("cp1252 iso8859_15",
                  "Hafnarstjórnin ákvað á mánudag að gamli kraninn verði ekki lengur lagfærður. "
                  "Fjörutíu verkamenn missa vinnuna, sagði talsmaðurinn Þórður."),
    "Estonian": ("cp1257 iso8859_13",
                 "Sadama juhatus otsustas, et vana kraanat enam ei parandata. Nelikümmend töölist "
                 "kaotab töö, ütles kõneisik. Šveitsi firma ostab maa ära."),
    "Latvian": ("cp1257 iso8859_13",
                "Ostas valde nolēma, ka veco celtni vairs neremontēs. Četrdesmit strādnieku zaudēs "
                "darbu, sacīja pārstāvis Jānis Bērziņš. Šogad naudas nepietiek."),
    "Lithuanian": ("cp1257 iso8859_13",
                   "Uosto valdyba nusprendė, kad senasis kranas nebebus taisomas. Keturiasdešimt "
                   "darbininkų neteks darbo, sakė atstovas Žygimantas Šųkys."),
    "Hebrew": ("cp1255 iso8859_8",
               "הנהלת הנמל החליטה ביום שני שהעגורן הישן לא יתוקן עוד. ארבעים פועלים יאבדו את "
               "מקום עבודתם, אמר דובר הנמל."),
    "Arabic": ("cp1256 iso8859_6",
               "قررت إدارة الميناء يوم الاثنين أن الرافعة القديمة لن يتم إصلاحها بعد الآن. سيفقد "
               "أربعون عاملا وظائفهم، كما قال المتحدث باسم الميناء."),
    "Thai": ("cp874",
             "คณะกรรมการท่าเรือมีมติเมื่อวันจันทร์ว่าจะไม่ซ่อมแซมปั้นจั่นเก่าอีกต่อไป คนงานสี่สิบคนจะตกงาน "
             "โฆษกของท่าเรือกล่าว"),
    "Japanese": ("cp932 euc_jp iso2022_jp utf-16-le",
                 "港湾局は月曜日、古いクレーンをもう修理しないことを決めた。四十人の職員が職を失うことになる、と"
                 "広報担当者は述べた。"),
    "Chinese (simplified)": ("gb18030 utf-16-le",
                             "港务局周一决定不再修理旧起重机，这是因为来的船不多。四十名工人将失去工作，他们的"
                             "发言人说，大家都不会走。"),
    "Chinese (traditional)": ("big5 utf-16-le",
                              "港務局週一決定不再修理舊起重機，這是因為來的船不多。四十名工人將失去工作，他們的"
                              "發言人說，大家都不會走。"),
    "Korean": ("cp949 utf-16-le",
               "항만청은 월요일 낡은 기중기를 더 이상 고치지 않기로 결정했다. "
               "사십 명의 직원이 일자리를 잃게 "
               "된다고 대변인이 말했다."),
    "English": ("cp1252 utf-16-le utf-16-be",
                "The harbour board voted on Monday that the old crane will not be mended. “Forty "
                "workers lose their jobs,” its spokesman said – nobody else would say why."),
}  # fmt: skip
# What labels say wrongly: Western Europe's, as templates had it, or the one that all should use.
_WRONG: Final = ("iso-8859-1", "utf-8")


def outcome_of(text: str, encoding: str, way: Way, label: str = "") -> Outcome:
    """Write a text in an encoding, read it in one of the ways, and say what came of it.

    label: the wrong encoding that a page states.
    """
    label = encoding if way == "labelled" else label
    head = f'<meta charset="{label}">' if way in ("labelled", "mislabelled") else ""
    content = text if way == "text" else f"<html><head>{head}</head><body><p>{text}</p></body>"
    data = content.encode(encoding)
    try:
        content_read = decode(data, "a.txt") if way == "text" else decode_page(data, "a.html")
    except LoadError:
        return "refused"
    return "right" if content_read == content else "garbled"


def outcomes(text: str, encodings: Sequence[str], way: Way) -> Iterator[Outcome]:
    """Yield what comes of a text in each of its encodings, for each wrong label where the way is
    one with a wrong label."""
    for encoding in encodings:
        for label in _WRONG if way == "mislabelled" else ("",):
            yield outcome_of(text, encoding, way, label)


def rows() -> list[list[str]]:
    """Make the rows of the table: a language each, and the sum."""
    sums: dict[Way, Counter[Outcome]] = {way: Counter() for way in WAYS}
    lines: list[list[str]] = []
    for language, (encodings, text) in SAMPLES.items():
        counts = {way: Counter(outcomes(text, encodings.split(), way)) for way in WAYS}
        for way in WAYS:
            sums[way].update(counts[way])
        lines.append([language, encodings.replace(" ", ", ")] + [_cell(counts[w]) for w in WAYS])
    return [*lines, ["all", "", *(_cell(sums[way]) for way in WAYS)]]


def _cell(counts: Counter[Outcome]) -> str:
    failures = [f"{counts[kind]} {kind}" for kind in ("refused", "garbled") if counts[kind]]
    return ", ".join([f"{counts['right']} of {counts.total()}", *failures])


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print the table and write it into a document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, help="the document whose table is written anew")
    options = parser.parse_args(arguments)
    head = ["language", "encodings", "text file", "page, no label", "right label", "wrong label"]
    text = table(head, rows())
    show_table("encodings", text, options.into)


if __name__ == "__main__":
    main()
