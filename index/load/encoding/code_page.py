"""Guess the old code page of a text from the language that it gives.

Before UTF-8 each part of Europe had its own code pages, which fit each other's bytes: Czech read as
Western European is "Pøístavní úøad", Turkish "Þahin". So each code page is tried, the language of
the result is detected, and its letters are checked against that language's alphabet.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

from index.text.language import likeliest

__all__ = ["EUROPEAN", "WESTERN", "code_page", "page_of_label"]

# Letters beside a to z, by language, in lower case.
_WESTERN = "áàâãäåæçéèêëíìîïñóòôõöøœúùûüýÿß"
_ALPHABETS = {
    # Of its own it has none, so that names tell: of "Žižek" there is no other in a whole text.
    "en": _WESTERN + "ðþšž",
    **dict.fromkeys(("de", "fr", "es", "pt", "it", "nl", "ca", "gl", "eu"), _WESTERN),
    **dict.fromkeys(("da", "no", "nb", "nn", "sv"), "åäæöøéèêóòôüàáâç"),
    **dict.fromkeys(("hr", "sl", "bs"), "čćđšž"),
    **dict.fromkeys(("el",), "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"),
    **dict.fromkeys(("ru", "bg"), "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’",
    "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя’",
    **dict.fromkeys(("sr", "mk"), "абвгдђѓежзѕијклљмнњопрстћќуфхцчџш"),
    "cs": "áčďéěíňóřšťúůýžäöü",
    "sk": "áäčďéíĺľňóôŕšťúýžěřůö",
    "pl": "ąćęłńóśźżäöüé",
    "hu": "áéíóöőúüűä",
    "ro": "ăâîșțşţé",
    "sq": "çëâ",
    "tr": "çğıi̇öşüâîû",
    "fi": "äöåšžéü",
    "et": "äõöüšž",
    "is": "áðéíóúýþæö",
    "ga": "áéíóú",
    "lv": "āčēģīķļņšūžō",
    "lt": "ąčęėįšųūž",
}  # fmt: skip
# Of languages that have other letters in names only, those of their own words.
_OWN_LETTERS = {
    "en": "", "de": "äöüß", "fr": "àâæçéèêëîïôœùûü", "es": "áéíñóúü", "pt": "áâãàçéêíóôõú",
    "it": "àèéìòù", "nl": "éëïöüè", "sv": "åäöé", "da": "åæøé", "no": "åæøé", "nb": "åæøé",
}  # fmt: skip
# Those that were used most go first: of two that read a text alike the first is named.
_CANDIDATES = (
    *("cp1252", "cp1250", "iso8859_2", "cp1254", "cp1251", "koi8_r", "koi8_u", "iso8859_5"),
    *("cp866", "cp1253", "iso8859_7", "cp1257", "iso8859_13", "iso8859_15", "iso8859_4"),
)
# Of DOS and of the Macintosh before 2001: they fit almost any bytes, and count only where none of
# those above reads a text as well.
_OLD_CANDIDATES = (
    *("cp852", "cp850", "cp857", "cp737", "cp855", "cp1125", "cp869", "cp775", "cp437", "cp865"),
    *("cp861", "mac_roman", "mac_latin2", "mac_cyrillic", "mac_greek", "mac_turkish"),
    "mac_iceland",
)
EUROPEAN = frozenset(_CANDIDATES + _OLD_CANDIDATES) | {
    *("latin_1", "cp1258", "iso8859_3", "iso8859_9", "iso8859_10", "iso8859_14", "iso8859_16"),
}
# What templates say of whatever is put into them, in the names of codecs.
WESTERN = frozenset({"cp1252", "iso8859-1", "iso8859-15", "latin_1"})
# Not the sign of any currency (¤): its byte is the euro's in pages that came later.
_MARKS = frozenset("“”„‚‘’«»‹›–—…€£§°·•©®™ªº¿¡½¼¾¹²³±×№´¢¥µ÷†‡‰¶¦¬¨¯¸ˆ˜ƒ\u00a0\u00ad")
# Those of them that stand between any two letters, where another page has a letter.
_BETWEEN = frozenset("·\u00a0\u00ad")
_SURE, _ENOUGH = 0.95, 0.9
# Of a text in Greek or Russian, at most: what is read as the wrong page is often all in capitals.
_CAPITALS = 0.7
# Of the characters of a text; no language of another page has fewer letters of its own.
_FEW = 0.01
_SAMPLE_CHARS = 4_000
# No text in Latin letters has a larger share of others.
_DENSE = 0.3
# Three letters out of five of any Russian or Greek text; half of another page's are others.
_COMMON = frozenset("оеаинтсрвлкαοιετσνηρπόάίέύή")
# What stands at no letter's side, or between no two.
_LONELY = re.compile(
    r"[^\W\d_][£¥½¼¾±×÷№§¶¿¡„‚µƒ¦¨¯¸ˆ‡]|[£¥¢½¼¾±×÷№§ºª¹²³ƒ¦¨¯¸ˆ][^\W\d_]"
    r"|[^\W\d_][“”‘†‡‰•°‹›™®©¢˜][^\W\d_]"
)
# No word is of two scripts.
_MIXED = re.compile(r"[a-zA-Z][\u0370-\u04ff]|[\u0370-\u04ff][a-zA-Z]")
# Greek ends words with a sigma of their own.
_WRONG_SIGMA = re.compile(r"ς[^\W\d_]|σ(?![\w’'᾽΄])")
_DOUBLE_QUOTES = re.compile("[“”„]")
# An elision leaves an apostrophe behind a word; before one it is another page's letter.
_APOSTROPHE_BEFORE = re.compile(r"(?<!\w)’[^\W\d_]")
_SCRIPTS = re.compile(r"[\u0370-\u03ff\u0400-\u04ff]")
_PAIR = re.compile(r"(?=([^\W\d_][^\W\d_]))")
# What decides between pages that give nothing that is wrong; and by how much an old page has to be
# better than those that came after it.
_OWN_SHARE, _BETTER = 0.001, 0.002


def code_page(data: bytes) -> str | None:
    """Guess the encoding of text that is no UTF-8; ``None`` where no code page gives plausible
    text."""
    best: tuple[float, str] | None = None
    first = ""
    doubtful = False
    for page in (*_CANDIDATES, *_OLD_CANDIDATES):
        try:
            text = data.decode(page)
        except UnicodeDecodeError:
            continue
        score = _sense(text)
        is_older = best is not None and page in _OLD_CANDIDATES and best[1] in _CANDIDATES
        if best is None or score > best[0] + (_BETTER if is_older else 1e-9):
            best, first, doubtful = (score, page), text, False
        elif abs(score - best[0]) < 1e-9 and text != first and not is_older:
            doubtful = True
    if best is None or best[0] < (_SURE if doubtful else _ENOUGH):
        return None
    return None if doubtful and best[1] != "cp1252" else best[1]


def page_of_label(data: bytes, label: str) -> str:
    """Return the encoding of text whose label names a page of Western Europe, as templates do of
    whatever is put into them: that page, as browsers read it, where few characters are beyond ASCII
    and make sense, else the one that the letters tell."""
    page = "iso8859-15" if label == "iso8859-15" else "cp1252"
    with suppress(UnicodeDecodeError):
        text = data.decode(page)
        odd = sum(char > "\x7f" for char in text)
        if odd < _FEW * len(text) and _sense(text) >= _ENOUGH:
            return page
    return code_page(data) or page


def _sense(text: str) -> float:
    """The share (0 to 1) of the characters beyond ASCII that belong to the text's language, and a
    thousandth of the share that is frequent in it."""
    at = next((i for i, char in enumerate(text) if char > "\x7f"), 0)
    start = max(0, at - _SAMPLE_CHARS // 2)
    sample = text[start : start + _SAMPLE_CHARS]
    odd = [char for char in sample if char > "\x7f"]
    if not odd or any(unicodedata.category(char) == "Cc" for char in odd):
        return 0.0
    script = _SCRIPTS.findall(sample)
    marks = sum(char in _MARKS for char in odd)
    dense = len(odd) > _DENSE * len(sample)
    if dense and (len(script) < len(odd) / 2 or marks > 0.2 * len(odd)):
        return 0.0
    language = likeliest(sample, _ALPHABETS)
    alphabet = _ALPHABETS[language]
    good = marks + sum(char.lower() in alphabet for char in odd)
    own_letters = _COMMON if script else _OWN_LETTERS.get(language, alphabet)
    own = sum(char in _MARKS - _BETWEEN or char.lower() in own_letters for char in odd)
    bad = len(_LONELY.findall(sample)) + abs(sample.count("«") - sample.count("»"))
    # One may be an arrow ("Home › News").
    bad += max(0, abs(sample.count("‹") - sample.count("›")) - 1) + len(_MIXED.findall(sample))
    if len(script) > len(odd) / 2:
        bad += len(_APOSTROPHE_BEFORE.findall(sample)) + len(_WRONG_SIGMA.findall(sample))
        bad += len(_DOUBLE_QUOTES.findall(sample)) % 2
    score = max(0, good - bad) / len(odd)
    if len(script) > len(odd) / 2:
        common = sum(char.lower() in _COMMON for char in script) / len(script)
        all_capitals = sum(char.isupper() for char in script) > _CAPITALS * len(script)
        score *= 0.0 if all_capitals else min(1.0, common / 0.6)
    pairs: list[str] = [pair for pair in _PAIR.findall(sample) if not pair.isascii()]
    case_changes = sum(pair[0].islower() and pair[1].isupper() for pair in pairs)
    return score - case_changes / max(1, len(pairs)) + _OWN_SHARE * own / len(odd)
