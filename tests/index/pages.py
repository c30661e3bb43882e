"""Two pages with the furniture of the pages that cleaning was made for; outlets and news invented.

In ``imitations/`` a line begins with ``-`` if it is furniture, with ``+`` if it is the article's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["IMITATIONS", "Imitation"]


@dataclass(frozen=True)
class Imitation:
    """A page as text, the title that its loader finds, and the lines that are furniture."""

    name: str
    title: str
    text: str
    furniture: list[str]

    @classmethod
    def read(cls, name: str, title: str) -> Imitation:
        file = Path(__file__).parent / "imitations" / f"{name}.txt"
        lines = file.read_text(encoding="utf-8").strip().split("\n")
        text = "\n".join(line[1:] for line in lines)
        return cls(name, title, text, [line[1:] for line in lines if line[:1] == "-"])


IMITATIONS = (
    Imitation.read("portal", "Norland’s Miners Move North—Cold Air Is Free"),
    Imitation.read("contributor", "salt levy"),
)
