from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from tests.index.load.conftest import One, Refusal

HTML = (
    "<html><body><p>The harbour of Westmark was closed on Monday, the port said.</p>"
    "<p>Ships were turned away to the neighbouring towns until the evening.</p></body></html>"
)


def message(**headers: str) -> EmailMessage:
    made = EmailMessage()
    known = {"From": "Jon Berg <jon@quay.example>", "Subject": "Re: Harbour closed"}
    known |= {"Date": "Tue, 04 Mar 2025 23:30:00 +0100", "Message-ID": "<1@quay.example>"}
    for name, value in (known | headers).items():
        made[name] = value
    return made


def test_plain_text(one: One) -> None:
    mail = message()
    mail.set_content("Dear reader,\n\nthe häven is closed.\n\nhttps://quay.example/x\n\n-- \nJon\n")
    found = one("a.eml", bytes(mail))
    assert found.text == "Dear reader,\n\nthe häven is closed."
    assert (found.title, found.author, found.publisher) == ("Harbour closed", "Jon Berg", None)
    assert found.published_at == date(2025, 3, 4)


def test_a_newsletter_is_read_as_a_page_and_has_a_publisher(one: One) -> None:
    mail = message(**{"List-Id": "<news.quay.example>", "From": "The Quay <news@quay.example>"})
    mail.set_content("See it in your browser.")
    mail.add_alternative(HTML, subtype="html", charset="cp1252", cte="8bit")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    found = one("a.eml", bytes(mail))
    assert found.text.startswith("The harbour of Westmark")
    assert (found.author, found.publisher) == (None, "The Quay")


def test_without_an_article_in_its_page_the_plain_part_counts(one: One) -> None:
    mail = message()
    mail.set_content("Just this.")
    mail.add_alternative("<p><img src=x></p>", subtype="html")
    assert one("a.eml", bytes(mail)).text == "Just this."


def test_a_short_page_is_no_reason_to_refuse_a_mail(one: One) -> None:
    mail = message()
    mail.set_content(
        "<style>p{}</style><p>Agreed: 5 million for the cranes</p><p>Lena</p>", subtype="html"
    )
    assert one("a.eml", bytes(mail)).text == "Agreed: 5 million for the cranes\n\nLena"


@pytest.mark.parametrize("tail", ["", "<p>They wait in the towns nearby until the evening.</p>"])
def test_lines_parted_by_br_are_joined(one: One, tail: str) -> None:
    mail = message()
    lines = "The board said on Tuesday that repairs would cost 14<br>million crowns<br>in all."
    mail.set_content(f"<html><body><p>{lines}</p>{tail}</body></html>", subtype="html")
    assert "repairs would cost 14 million crowns" in one("a.eml", bytes(mail)).text


WRAPPED = "The board said on Tuesday that the repairs would cost 14\nmillion crowns in all.\n"


def test_line_ends_of_a_short_mail_are_taken_out(one: One) -> None:
    mail = message()
    mail.set_content(WRAPPED)
    assert one("a.eml", bytes(mail)).text == WRAPPED.replace("\n", " ").strip()


@pytest.mark.parametrize(
    ("delsp", "body", "text"),
    [
        ("no", "Repairs cost 14 \nmillion. \n No \n> more? \n> Yes.\nEnd.\n-- \nJon \n",
         "Repairs cost 14 million. No\n> more? Yes.\nEnd."),
        ("yes", "Repairs cost 140 \n000 crowns.\n", "Repairs cost 140000 crowns."),
        ("yes", "Repairs cost 14  \nmillion.\n", "Repairs cost 14 million."),
    ],
    ids=["flowed", "divided", "delsp"],
)  # fmt: skip
def test_lines_that_flow(one: One, delsp: str, body: str, text: str) -> None:
    head = f"Subject: x\nContent-Type: text/plain; charset=utf-8; format=flowed; delsp={delsp}\n\n"
    assert one("a.eml", head + body).text == text


def test_a_message_is_known_by_its_message_id(one: One) -> None:
    mail, other = message(), message()
    mail.set_content("Just this.")
    other.set_content("Just that.")
    assert one("a.eml", bytes(mail)).id == one("b.eml", bytes(other)).id


def test_a_saved_page(one: One) -> None:
    mail = EmailMessage()
    mail["Snapshot-Content-Location"] = "https://quay.example/harbour"
    mail["Subject"] = "Harbour"
    mail.set_content(HTML, subtype="html")
    mail.make_related()
    found = one("a.mhtml", bytes(mail))
    assert found.url == "https://quay.example/harbour"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("no headers at all\n", "no headers"),
        ("Subject: x\n\n", "no text"),
        ("Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n--b\n", "no text"),
        (
            "Subject: x\n" + "".join(
                f"Content-Type: multipart/mixed; boundary=b{at}\n\n--b{at}\n" for at in range(600)
            ),
            "over 500 parts",
        ),
    ],
    ids=["no-mail", "empty", "truncated", "nested"],
)  # fmt: skip
def test_refusals(refusal: Refusal, content: str, reason: str) -> None:
    assert reason in refusal("a.eml", content)


def test_headers_that_no_parser_likes(one: One) -> None:
    found = one(
        "a.eml", 'From: "\xff(((\nSubject: =?x?q?a?=\nDate: soon\n\nJust this, and no more.\n'
    )
    assert (found.text, found.published_at) == ("Just this, and no more.", None)


def test_a_label_that_no_code_page_can_have(one: One) -> None:
    head = b'Subject: x\nContent-Type: text/plain; charset="utf-8\0"\n\n'
    assert one("a.eml", head + "The café is shut.\n".encode()).text == "The café is shut."


@pytest.mark.parametrize("lines", [3, 40])
def test_a_mail_that_is_answered_below_a_rule_is_read(one: One, lines: int) -> None:
    """A long one took more time than there is."""
    text = "\n".join(f"Ship {number} of the line has left the pier." for number in range(lines))
    mail = message()
    head = "From: Ada <ada@quay.example>\nSent: Monday, 3 March\nSubject: Ships"
    mail.set_content(f"Agreed, all of it.\n\n{'_' * 32}\n{head}\n\n{text}\n")
    found = one("a.eml", bytes(mail)).text
    assert found.startswith("Agreed, all of it.")
    assert f"Ship {lines - 1} of the line" in found


def test_a_mail_that_goes_on_below_a_rule_with_an_address(one: One) -> None:
    mail = message()
    text = "\n".join(f"Ship {number} of the line has left the pier." for number in range(40))
    mail.set_content(f"Agreed, all of it.\n\n{'_' * 32}\nSee https://quay.example/ships\n{text}\n")
    assert "Ship 39 of the line" in one("a.eml", bytes(mail)).text


def _attach_inline(mail: EmailMessage, words: str, subtype: str) -> None:
    part = EmailMessage()
    part.set_content(words, subtype=subtype)
    mail.attach(part)


def test_each_part_that_is_shown_is_read(one: One) -> None:
    mail = EmailMessage()
    mail["Subject"] = "Cranes"
    mail.make_mixed()
    _attach_inline(mail, "The first part is plain.", "plain")
    for words in ("The second is a page.", "So is the third."):
        _attach_inline(mail, f"<html><body><p>{words}</p></body></html>", "html")
    _attach_inline(mail, "_" * 40 + "\nQuay list\nquay@list.example", "plain")
    article = one("a.eml", mail.as_bytes())
    assert article.text == ("The first part is plain.\n\nThe second is a page.\n\nSo is the third.")
    assert "list footer" in [reason for _, reason in article.findings.left_out]


@pytest.mark.parametrize("note", ["", "Read this."])
def test_messages_that_were_sent_on_are_read(one: One, note: str) -> None:
    digest = MIMEMultipart("digest")
    for subject, words in (("Pier", "It is rebuilt."), ("Ferry", "It is late.")):
        message = EmailMessage()
        message["Subject"] = subject
        message.set_content(words)
        digest.attach(MIMEMessage(message))
    mail = MIMEMultipart("mixed")
    mail["Subject"] = "Digest"
    if note:
        mail.attach(MIMEText(note))
    mail.attach(digest)
    text = f"{note}\n\nPier\n\nIt is rebuilt.\n\nFerry\n\nIt is late.".strip()
    assert one("a.eml", mail.as_bytes()).text == text


@pytest.mark.parametrize(
    ("below", "read"),
    [
        ("On Monday Ada wrote:\n\n> It is late.", "On Monday Ada wrote:\n\n> It is late."),
        ("-----\nMessage: 2\n\nIt is late.", "-----\nMessage: 2\n\nIt is late."),
        ("", ""),
    ],
)
def test_a_signature_ends_where_a_quotation_or_a_message_begins(
    one: One, below: str, read: str
) -> None:
    article = one("a.eml", f"Subject: Ferry\n\nI doubt it.\n\n-- \nBen Ash\nOxney\n\n{below}\n")
    assert article.text == f"I doubt it.\n\n{read}".strip()
    assert article.findings.left_out == (("Ben Ash Oxney", "signature"),)


def test_what_is_longer_than_a_signature_is_read(one: One) -> None:
    lines = "\n\n".join(f"The boat number {number} is at sea." for number in range(12))
    assert one("a.eml", f"Subject: Boats\n\nNews.\n--\n{lines}\n").text.count("at sea") == 12


@pytest.mark.parametrize(
    ("mark", "below", "is_read"),
    [
        ("--", "Ben Ash\nOxney Herald\nTel. 555 0100", False),
        ("--", "The boat is at sea until the end of May.", True),
        ("--", "Ben\nAda\nJon\nIda\nKim", True),
        ("-- ", "Ben Ash\nThis mail is meant for whom it names, and for nobody else.", False),
        ("-- ", "The boat is at sea. " * 100, True),
    ],
)
def test_two_hyphens_may_part_a_text(one: One, mark: str, below: str, is_read: bool) -> None:
    article = one("a.eml", f"Subject: Boats\n\nNews of the day.\n{mark}\n{below}\n")
    assert (article.text != "News of the day.") is is_read


def test_what_a_short_mail_leaves_out_is_listed(one: One) -> None:
    head = "Subject: Ferry\nContent-Type: text/html\n\n"
    article = one("a.eml", f"{head}<div>It leaves at <s>9.15</s> 9.45.</div>")
    assert article.text == "It leaves at 9.45."
    assert article.findings.left_out == (("9.15", "struck out"),)


def test_a_headline_that_is_not_the_subject_is_read(one: One) -> None:
    prose = "".join(f"<p>The harbour board met for the {n}th time this year.</p>" for n in range(9))
    head = "Subject: Letter\nContent-Type: text/html\n\n"
    article = one("a.eml", f"{head}<body><h1>The pier is rebuilt</h1>{prose}</body>")
    assert article.title == "Letter"
    assert article.text.startswith("The pier is rebuilt\n\nThe harbour board")
