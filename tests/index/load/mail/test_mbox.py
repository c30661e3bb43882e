from __future__ import annotations

from datetime import date

import pytest

from index.article import Article
from index.errors import LoadError
from index.load import load_bytes
from tests.index.load.conftest import Load, Refusal

ENVELOPE = "From jon@quay.example Tue Mar  4 23:30:00 2025\n"


def _message(number: int, body: str, **headers: str) -> str:
    known = {"From": "Jon <jon@quay.example>", "Subject": f"News {number}"} | headers
    known |= {"Date": f"Tue, {number:02} Mar 2025 23:30:00 +0100"}
    lines = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in known.items())
    return f"{ENVELOPE}{lines}\n{body}\n\n"


def test_each_message_is_an_article(load: Load) -> None:
    mailbox = _message(1, "It is closed.\nFrom now on ships wait.") + _message(2, "It is open.")
    found = load("a.mbox", mailbox)
    assert [(each.title, each.text, each.published_at) for each in found] == [  # type: ignore[union-attr]
        ("News 1", "It is closed.\nFrom now on ships wait.", date(2025, 3, 1)),
        ("News 2", "It is open.", date(2025, 3, 2)),
    ]
    assert len({each.id for each in found if isinstance(each, Article)}) == 2


def test_a_line_that_was_quoted_is_no_envelope(load: Load) -> None:
    mailbox = _message(1, f"It is closed.\n\n>{ENVELOPE}\n>>From here.")
    (found,) = load("a.mbox", mailbox)
    assert isinstance(found, Article)
    assert found.text == f"It is closed.\n\n{ENVELOPE.strip()}\n\n>From here.".replace("  4", " 4")


def test_a_message_stays_itself_where_others_come_and_go(load: Load) -> None:
    first, second = _message(1, "It is closed."), _message(2, "It is open.")
    both, alone = load("a.mbox", first + second), load("a.mbox", second)
    assert [each.id for each in both[1:] if isinstance(each, Article)] == [
        each.id for each in alone if isinstance(each, Article)
    ]
    named = _message(3, "It is open.", Message_ID="<3@quay.example>")
    (one,), (other,) = load("a.mbox", named), load("b.mbox", named)
    assert isinstance(one, Article)
    assert isinstance(other, Article)
    assert one.id == other.id


def test_an_unreadable_message_costs_one_article(load: Load) -> None:
    found = load("a.mbox", _message(1, "") + _message(2, "It is open."))
    assert isinstance(found[0], LoadError)
    assert found[0].source.endswith("a.mbox#1")
    assert isinstance(found[1], Article)


def test_what_is_no_mailbox_is_refused(refusal: Refusal) -> None:
    assert "no mailbox" in refusal("a.mbox", "Subject: x\n\nText.\n")


def test_a_mailbox_is_known_by_its_bytes() -> None:
    data = _message(1, "It is closed.").encode()
    (found,) = load_bytes(data, "archive", max_chars=1000)
    assert isinstance(found, Article)


def test_a_body_goes_on_behind_a_picture_and_not_in_a_file(load: Load) -> None:
    parts = [
        "Content-Type: text/plain\n\nThe pier is closed.",
        'Content-Type: image/png; name="a.png"\nContent-Disposition: inline\n\nx',
        "Content-Type: text/plain\n\nThe ferry waits outside.",
        'Content-Type: text/plain; name="b.txt"\nContent-Disposition: attachment\n\nSecret.',
    ]
    body = "".join(f"--A\n{part}\n" for part in parts)
    head = f"{ENVELOPE}Subject: Pier\nContent-Type: multipart/mixed; boundary=A\n\n"
    (found,) = load("a.mbox", f"{head}{body}--A--\n")
    assert isinstance(found, Article)
    assert found.text == "The pier is closed.\n\nThe ferry waits outside."


def test_messages_that_a_message_consists_of(load: Load) -> None:
    inner = (
        "Content-Type: message/rfc822\n\nFrom: Bo Lund <b@q.example>\nSubject: {0}\n\n{0} is shut."
    )
    kind = "Content-Type: multipart/mixed; boundary=A"
    head = f"{ENVELOPE}From: Ada <a@q.example>\nSubject: Fwd: Both\n{kind}\n\n"
    both = "".join(f"--A\n{inner.format(name)}\n" for name in ("North pier", "South pier"))
    alone = f"--A\n{inner.format('North pier')}\n"
    one, two = load("a.mbox", f"{head}{alone}--A--\n\n{head}{both}--A--\n")
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert (one.title, one.author, one.text) == ("North pier", "Bo Lund", "North pier is shut.")
    assert two.text == "North pier\n\nNorth pier is shut.\n\nSouth pier\n\nSouth pier is shut."


@pytest.mark.parametrize(
    "body",
    [
        "The pier is closed.\n\n________________________________________\nPier mailing list\n"
        "To leave it go to https://q.example/list",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nThe pier is closed.\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEz\n=ab\n-----END PGP SIGNATURE-----",
    ],
)
def test_what_programs_put_around_a_text(load: Load, body: str) -> None:
    (found,) = load("a.mbox", _message(1, body))
    assert isinstance(found, Article)
    assert found.text == "The pier is closed."


def test_a_label_of_western_europe_gives_way_to_the_letters_in_mail_too(load: Load) -> None:
    text = "Přístavní molo se otevře v pondělí, řekl mluvčí Jiří Kovář."
    head = f"{ENVELOPE}Subject: Molo\nContent-Type: text/plain; charset=iso-8859-1\n\n"
    (found,) = load("a.mbox", head.encode() + text.encode("cp1250"))
    assert isinstance(found, Article)
    assert found.text == text
