"""Guess the old encoding of Japanese, Chinese or Korean text from its most frequent characters.

The encodings of East Asia fit each other's bytes: Japanese in EUC-JP reads as rare Korean syllables
in EUC-KR. Only the right encoding gives the characters that are frequent in every text of its
language.
"""

from __future__ import annotations

import re

__all__ = ["east_asian_page", "wide_east_asian_text"]

_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fc]")
_NARROW_KANA = re.compile(r"[\uff61-\uff9f]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_COMMON_HANGUL = frozenset("이다는을를의에서가고하지은로한도기사어시스리자인나일해정")
_COMMON_HAN = frozenset(
    "的一是不了在人有我他这個个们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子"
    "那得于於着著下自之年过過发發后後作里裡用道行所然家种種事成方多经經么麼去法学學如都同现現当當"
    "没沒动動面起看定天分还還进進好小部其些主样樣理心她本前开開但因只从從想实實日月"
)
_DECODERS = ("cp932", "euc_jp", "gb18030", "big5", "cp949")
_MOST_STRAY = 2
_LEAST_ODD = 20
_SAMPLE = 65_536


def east_asian_page(data: bytes) -> str | None:
    """Return the one encoding in which the bytes are a text of its language; ``None`` where there
    is none, or more than one. ``data`` may begin and end within a character."""
    pages = [page for page in _DECODERS if _makes_sense(data.decode(page, "replace"), page)]
    return pages[0] if len(pages) == 1 else None


def wide_east_asian_text(data: bytes) -> str | None:
    """Decode text of East Asia in two bytes a character without a byte-order mark, in which few or
    no zero bytes tell the encoding; ``None`` for any other."""
    if len(data) % 2 or _is_utf8(data[:_SAMPLE]):
        return None
    texts: list[str] = []
    for encoding in ("utf-16-le", "utf-16-be"):
        sample = data[:_SAMPLE].decode(encoding, "replace")
        if any(_makes_sense(sample, page) for page in ("cp932", "gb18030", "cp949")):
            try:
                texts.append(data.decode(encoding))
            except UnicodeDecodeError:
                continue
    return texts[0] if len(texts) == 1 else None


def _is_utf8(sample: bytes) -> bool:
    """Whether bytes are UTF-8; the last character may be cut off."""
    try:
        sample.decode()
    except UnicodeDecodeError as exc:
        return exc.start >= len(sample) - 3 and len(sample) == _SAMPLE
    return True


def _makes_sense(text: str, page: str) -> bool:
    odd = sum(char > "\x7f" for char in text)
    if odd < _LEAST_ODD or text.count("\ufffd") > _MOST_STRAY:
        return False
    kana, hangul = len(_KANA.findall(text)), len(_HANGUL.findall(text))
    if page in ("cp932", "euc_jp"):
        return kana > 0.25 * odd and len(_NARROW_KANA.findall(text)) < 0.1 * odd and not hangul
    if page == "cp949":
        common = sum(char in _COMMON_HANGUL for char in text)
        return hangul > 0.7 * odd and common > 0.15 * hangul
    han = _HAN.findall(text)
    common = sum(char in _COMMON_HAN for char in han)
    return len(han) > 0.6 * odd and not kana and not hangul and common > 0.1 * len(han)
