from __future__ import annotations

import pytest

from index.load.base import decode
from index.load.charset import decode_page

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
        (SIMPLIFIED, "gb18030"),
        (TRADITIONAL, "big5"),
        (KOREAN, "cp949"),
        (JAPANESE, "utf-16-le"),
        ("The harbour is shut.", "utf-16-le"),
        ("The harbour is shut.", "utf-16-be"),
    ],
)
def test_the_encoding_is_told_by_what_the_text_says(text: str, encoding: str) -> None:
    if encoding == "utf-16-le" and text is JAPANESE:
        text = f"<p>{text}</p>" + "<p>The harbour board of Kiel met on Monday.</p>" * 3
    assert decode(text.encode(encoding), "a.txt") == text
    assert decode_page(text.encode(encoding), "a.html") == text
