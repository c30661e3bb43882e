"""What is found in an article's text by rules costs work that grows with its length: compared are a
text and one four times as long."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import pytest

from index.article import Span
from rag.citing.interviews import is_question_line
from rag.facts.attribution import attribute
from rag.facts.identity import is_mentioned
from rag.facts.names import KnownWords, names
from rag.facts.quantities import amounts
from rag.text.english import content_stems
from tests.index.test_linear import LONGER, times

TEXTS: Final[dict[str, Callable[[int], str]]] = {
    "prose": lambda n: (
        "Carla Weir, the mayor of Marn, met Paul Heim. She paid 40 euros. " * (n // 64)
    ),
    "one name without a stop": lambda n: "Weir came, " * (n // 11),
    "names": lambda n: "Paul Heim " * (n // 10),
    "names far apart": lambda n: "Paul" + " " * n + "Heim",
    "names in brackets": lambda n: "(" * n + "Heim",
    "lines": lambda n: "Heim\n" * (n // 5),
    "lines that ask": lambda n: "".join(f"Really, by {i}?\nYes.\n" for i in range(n // 22)),
    "figures": lambda n: "5 million and a half, " * (n // 22),
}
STEPS: Final[dict[str, Callable[[str], object]]] = {
    "names": names,
    "known words": lambda text: KnownWords([text]),
    "mentions": lambda text: is_mentioned("Carla Weir", "Weir came.", text),
    "attribution": lambda text: attribute("Weir", text, (Span(0, 4), Span(5, 20)), 1),
    "amounts": amounts,
    "stems": content_stems,
    "lines of an interview": lambda text: [
        is_question_line(text, Span(line.start(), line.end())) for line in re.finditer(r".+", text)
    ],
}


@pytest.mark.parametrize("step", STEPS)
def test_four_times_the_text_is_four_times_the_work(step: str) -> None:
    STEPS[step]("Once, for what is loaded with the first text.")
    for name, text in TEXTS.items():
        assert times(STEPS[step], text(10_000), text(LONGER * 10_000)) == [], name
