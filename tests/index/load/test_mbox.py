from __future__ import annotations

from datetime import date

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
