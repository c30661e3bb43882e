from __future__ import annotations

import pytest

from index.fetch.xml_text import xml_text
from index.load.base import decode
from index.load.encoding.charset import decode_page, without_odd_characters
from index.load.encoding.code_page import code_page

# One sentence or two about a harbour in each language.
TEXTS = {
    "cs": ("Přístavní úřad v pondělí rozhodl, že se starý jeřáb už nebude opravovat, řekl on.",
           "cp1250 iso8859_2"),
    "sk": ("Prístavný úrad v pondelok rozhodol, že starý žeriav už nebude opravovať, povedal on.",
           "cp1250 iso8859_2"),
    "pl": ("Zarząd portu zdecydował, że stary żuraw nie będzie już naprawiany, powiedział on.",
           "cp1250 iso8859_2"),
    "hu": ("A kikötő vezetősége úgy döntött, hogy a régi darut többé nem javítják meg, közölte ő. "
           "A felújítás költsége húszmillió, és kevés idő maradt rá, mondta a szóvivő erről.",
           "cp1250 iso8859_2"),
    "hr": ("Uprava luke odlučila je da se stara dizalica više neće popravljati, rekao je čelnik.",
           "cp1250 iso8859_2"),
    "ro": ("Conducerea portului a hotărât că macaraua veche nu va mai fi reparată, a spus şeful. "
           "Lucrările ar costa douăzeci de milioane şi ţara nu are bani pentru ele.",
           "cp1250 iso8859_2"),
    "tr": ("Liman yönetimi eski vincin artık onarılmayacağına karar verdi, dedi Şahin. Bu iş için "
           "yirmi milyon gerekiyor ve bütçede yeterli para bulunmuyor, diye açıkladı.",
           "cp1254 iso8859_9"),
    "el": ("Η διοίκηση του λιμανιού αποφάσισε ότι ο παλιός γερανός δεν θα επισκευαστεί πια.",
           "cp1253 iso8859_7"),
    "el, with a capital": ("Το ταβερνάκι Άγκυρα έκλεισε. Άλλοι λένε ότι θ’ ανοίξει πάλι.",
                           "cp1253 iso8859_7"),
    "ru": ("Управление порта решило, что старый кран больше не будут ремонтировать, сказал он.",
           "cp1251 koi8_r iso8859_5"),
    "uk": ("Управління порту вирішило, що старий кран більше не ремонтуватимуть, сказав він їм.",
           "cp1251 koi8_u"),
    "de": ("Die Hafenbehörde hat beschlossen, dass der alte Kran nicht länger repariert wird.",
           "cp1252 iso8859_15"),
    "fr": ("L’autorité du port a décidé que la vieille grue ne sera plus réparée là-bas.",
           "cp1252"),
    "sv": ("Hamnstyrelsen beslöt på måndagen att kranen inte längre ska lagas.", "cp1252"),
    "es": ("La dirección del puerto decidió que la vieja grúa ya no será reparada, según el señor.",
           "cp1252 iso8859_15"),
}  # fmt: skip


# Of DOS and of the Macintosh.
OLD_PAGES = {
    **dict.fromkeys(("cs", "sk", "pl", "hu", "hr"), "cp852 mac_latin2"),
    "ro": "cp852",
    "tr": "cp857 mac_turkish",
    "el": "cp737 cp869 mac_greek",
    "ru": "cp866 cp855 mac_cyrillic",
    "uk": "cp1125 mac_cyrillic",
    "de": "cp850 cp437 mac_roman",
    "sv": "cp850 cp865 mac_roman",
    "es": "cp850 cp437 mac_roman",
}


@pytest.mark.parametrize(
    ("text", "page"),
    [
        (text, page)
        for language, (text, pages) in TEXTS.items()
        for page in f"{pages} {OLD_PAGES.get(language, '')}".split()
    ],
)
def test_the_page_is_told_by_the_text(text: str, page: str) -> None:
    found = code_page(text.encode(page))
    assert found is not None
    assert text.encode(page).decode(found) == text


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("„Nein“, sagte Müller – das war’s.", "cp1252"),
        ("“He said so. And then he left the harbour for good.", "cp1252"),
        ("»Nej«, sagde han på øen.", "cp1252"),
        ("Price: £5 or €6, ‘all in’… at 20 °C.", "cp1252"),
        ("„Ne“, řekl Šimek – to je vše.", "cp1250"),
        ("«Нет», сказал Щукин. – Да.", "cp1251"),
        ("«Όχι», είπε ο Ώριος – αυτό ήταν.", "cp1253"),
    ],
)
def test_a_few_words_between_marks(text: str, page: str) -> None:
    found = code_page(text.encode(page))
    assert found is not None
    assert text.encode(page).decode(found) == text


def test_no_word_is_of_two_scripts() -> None:
    text = "L’été à l’île, où çà et là."
    assert code_page(text.encode("cp1252")) in (None, "cp1252")


@pytest.mark.parametrize(
    "data",
    [("日本語の文章です。これはテストです。" * 3).encode("cp932"), bytes(range(128, 256)) * 4],
)
def test_what_is_in_none_of_them(data: bytes) -> None:
    assert code_page(data) is None


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "iso-8859-15"])
@pytest.mark.parametrize(
    ("text", "page"), [(text, page) for text, pages in TEXTS.values() for page in pages.split()]
)
def test_a_label_of_western_europe_gives_way_to_the_letters(
    text: str, page: str, label: str
) -> None:
    content = f'<html><head><meta charset="{label}"></head><body><p>{text}</p></body></html>'
    assert decode_page(content.encode(page), "a.html") == content


@pytest.mark.parametrize(
    ("page", "result"),
    [
        ("the end\x0c)", "the end)"),
        ("one\x0btwo", "one two"),
        ("one &#11;two", "one two"),
        ("one&#12;, two&#x0b;.", "one, two."),
        ("\x0cThe quay", "The quay"),
        ("a\x01b&#2;c&#9;", "abc&#9;"),
    ],
)
def test_line_and_page_ends_are_spaces_between_words(page: str, result: str) -> None:
    assert without_odd_characters(page) == result


# What signs of cp1252 stand beside in English; letters stand in a name, others by themselves.
_SIGNS = {
    "£¥€": "It cost {}500 to mend.", "¢‰%": "The fare is 50{} more.", "µ": "It held 35 {}g.",
    "¶§": "See {} 12 of the act.", "÷×": "That is 12{}4 or 12 {} 4.", "¹²³": "It is 12{} of all.",
    "ªº": "The 2{} of them left.", "¼½¾": "It took 5{} hours.", "±": "It was {}5 points.",
    "¿¡": "{}No! he cried.", "©®™": "The firm Osk{} sold it.", "ƒ": "It cost {}20 then.",
    "„": "She wrote {}no“ to it.", "“": "She said {}no” to it.", "«": "She said {}no» to it.",
    "‚": "She wrote {}no‘ to it.", "‹": "She said {}no› to it.", "»": "She said «no{} to it.",
    "‘’“”": "She said “no” and {}no’ to it.", "†": "The mayor{} spoke.",
}  # fmt: skip
_LINES = {sign: line for signs, line in _SIGNS.items() for sign in signs}
_ENGLISH = (
    "The harbour office in Orrel decided on Monday to leave the old crane as it is.\n{}\n"
    "That is all that it made known, and the chandler on the quay had no more to say."
)
# Of one byte the euro is likelier, of the other an apostrophe.
_OTHERWISE_READ = "¤ÿŸ"


def _alone(sign: str) -> str:
    if sign in _LINES:
        return _LINES[sign].format(sign, sign)
    if sign.islower():
        return f"The smith Ta{sign}o mends it."
    return f"The smith {sign}an mends it." if sign.isupper() else f"They had {sign} there."


_CP1252 = list(bytes(range(128, 256)).decode("cp1252", "ignore"))


def test_each_sign_of_western_europe_alone_in_english() -> None:
    texts = {sign: _ENGLISH.format(_alone(sign)) for sign in _CP1252}
    wrong = [
        sign
        for sign, text in texts.items()
        if sign not in _OTHERWISE_READ and decode(text.encode("cp1252"), "a.txt") != text
    ]
    assert wrong == []


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252"])
def test_a_label_is_believed_of_few_signs(label: str) -> None:
    head = f'<html><head><meta charset="{label}"></head><body>'
    pages = {sign: f"{head}<p>{_ENGLISH.format(_alone(sign))}</p></body>" for sign in _CP1252}
    wrong = [
        sign
        for sign, page in pages.items()
        if {decode_page(page.encode("cp1252"), "a.html"), xml_text(page.encode("cp1252"), label)}
        != {page}
    ]
    assert wrong == ["¤"]


def test_apostrophes_of_a_macintosh_are_no_letters_whatever_the_label() -> None:
    page = f'<meta charset="iso-8859-1"><p>{_ENGLISH.format("It is the town’s crane.")}</p>'
    assert decode_page(page.encode("mac_roman"), "a.html") == page
