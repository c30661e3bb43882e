from __future__ import annotations

import pytest

from index.errors import LoadError
from index.load.base import decode
from index.load.encoding.charset import decode_page

JAPANESE = "港湾局は火曜日、古い桟橋を閉鎖することを決めた。四十人の職員が職を失うことになる。"
SIMPLIFIED = "港务局周二决定关闭旧码头，这是因为来的人不多。四十名工人将失去工作，他们说不会走。"
TRADITIONAL = "港務局週二決定關閉舊碼頭，這是因為來的人不多。四十名工人將失去工作，他們說不會走。"
KOREAN = "항만청은 화요일 낡은 터미널을 닫기로 결정했다. 사십 명의 직원이 일자리를 잃게 된다."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (SIMPLIFIED, "hz"),
        (SIMPLIFIED, "gb18030"),
        (TRADITIONAL, "big5"),
        (KOREAN, "cp949"),
        (JAPANESE, "utf-16-le"),
        (f"<p>{JAPANESE}</p>" + "<p>The harbour board of Kiel met on Monday.</p>" * 3, "utf-16-le"),
        (f"{JAPANESE}\n", "utf-16-be"),
        (f"2025年5月26日、{JAPANESE}", "utf-16-le"),
        (SIMPLIFIED, "utf-16-le"),
        (TRADITIONAL, "utf-16-be"),
        (KOREAN, "utf-16-le"),
        ("The harbour is shut.", "utf-16-le"),
        ("The harbour is shut.", "utf-16-be"),
    ],
)
def test_the_encoding_is_told_by_what_the_text_says(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.txt") == text
    assert decode_page(text.encode(encoding), "a.html") == text


@pytest.mark.parametrize(
    "text",
    [
        "Bush hid the facts and the men of the harbour said so to all of them there",
        "the men of the harbour said so to all of them there" * 40,
        "这件事情" * 30,
    ],
)
def test_what_is_utf8_is_read_so(text: str) -> None:
    assert decode(text.encode(), "a.txt") == text
    assert decode_page(text.encode(), "a.html") == text


def test_rubbish_is_no_text_in_two_bytes() -> None:
    data = bytes(((i * 7919) >> 3) % 256 for i in range(4_000))
    with pytest.raises(LoadError):
        decode(data, "a.txt")
