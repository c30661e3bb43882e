"""Mark-up in which no article has to be looked for: within Markdown, of short mails."""

from __future__ import annotations

import pytest

from index.load.html.markup import words_of_markup
from tests.index.load.conftest import One


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("It cost 31<sup>4</sup> million.", "It cost 31 million."),
        ("It cost 31^4^ million.", "It cost 31 million."),
        ("It cost 31[^4] million.", "It cost 31 million."),
        ("About 10<sup>6</sup> or 2^10^ grains.", "About 10^6 or 2^10 grains."),
        ("The 22<sup>nd</sup> of H~2~O, CO<sub>2</sub>.", "The 22nd of H2O, CO2."),
        ("She will ~~resign~~ stay, <del>not</del> here.", "She will  stay,  here."),
        ("He said <q>no</q>, x^2 + y^2.", "He said “no”, x^2 + y^2."),
        ("One<br>two <span>three</span> <!-- four -->", "One\ntwo three"),
        ("The old ter-\nminal.", "The old terminal."),
        ("[^4]: Without the pier.", "* Without the pier."),
        ("<div>A <b>block</b> of mark-up.</div>", "A block of mark-up."),
        ("<p>Cost: 31<sup>4</sup> million <s>31</s></p>", "Cost: 31 million"),
        (
            "<table><tr><th>Port</th><th>2023</th><th>2024</th></tr>"
            "<tr><td>Oslo</td><td></td><td>7</td></tr></table>",
            "Port | 2023 | 2024\n\nOslo | 2024: 7",
        ),
    ],
)
def test_markdown(one: One, written: str, read: str) -> None:
    text = one("a.md", f"First.\n\n{written}\n\nLast.").text
    assert text == f"First.\n\n{' '.join(read.split(' '))}\n\nLast.".replace("  ", " ")


MAIL = "From: Ada <ada@quay.example>\nSubject: Cranes\nContent-Type: {kind}; charset={charset}\n\n"


def test_a_short_mail_says_what_its_reader_sees(one: One) -> None:
    page = "<p hidden>See inside</p><p>Köln: 5<sup>1</sup> million, <s>4</s> 6 pm</p>"
    mail = MAIL.format(kind="text/html", charset="utf-8") + page
    assert one("a.eml", mail).text == "Köln: 5 million, 6 pm"


def test_a_quotation_in_a_mail_is_whole(one: One) -> None:
    body = "Yes.\n\n> The board wrote that the ter-\n> minal cost 14\n> million crowns.\n\nAda"
    mail = MAIL.format(kind="text/plain", charset="utf-8") + body
    quoted = "> The board wrote that the terminal cost 14 million crowns."
    assert one("a.eml", mail).text == f"Yes.\n\n{quoted}\n\nAda"


def test_what_a_mails_page_leaves_out_is_named(one: One) -> None:
    prose = "".join(f"<p>The board of port {n} met on Monday and closed it.</p>" for n in range(4))
    page = f"<main><h1>Ports</h1>{prose}<aside><p>Most read of all that we have.</p></aside></main>"
    mail = MAIL.format(kind="text/html", charset="utf-8") + f"<html><body>{page}</body></html>"
    assert ("Most read of all that we have.", "aside") in one("a.eml", mail).findings.left_out


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "<p>古い橋の修\n  理が決まった。\n工事は秋から。</p>",
            "古い橋の修理が決まった。工事は秋から。",
        ),
        ("<p>旧桥将于\r\n秋季维修，\n2026 年开放。</p>", "旧桥将于秋季维修， 2026 年开放。"),
        ("<p>오래된 다리를\n수리한다.</p>", "오래된 다리를 수리한다."),
        ("<pre>古い橋\n新しい橋</pre>", "古い橋\n新しい橋"),
    ],
)
def test_line_ends_of_mark_up_part_no_words(written: str, read: str) -> None:
    assert words_of_markup(written).blocks == [read]
