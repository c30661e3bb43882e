"""The prompts, as files with a name and a version; :func:`prompt` loads one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Final

from index.text.patterns import lazy_regex
from rag.chat.base import Message

__all__ = ["Prompt", "prompt", "prompts"]

_FOLDER: Final = Path(__file__).parent
_HEAD: Final = lazy_regex(r"\A---\n(?P<head>.*?)\n---\n(?P<body>.*)\Z", re.DOTALL)
_PART: Final = lazy_regex(r"^# (system|user)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt file. ``version`` rises with every change of its text, ``stop`` lists the words at
    which a model is to end, ``parts`` are role and text with ``$names`` to fill in."""

    name: str
    version: int
    use: str
    stop: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]

    def messages(self, values: Mapping[str, str]) -> list[Message]:
        """Fill in the messages. Names inside the values are not filled in again."""
        return [
            Message("system" if role == "system" else "user", Template(text).substitute(values))
            for role, text in self.parts
        ]


@lru_cache(maxsize=8)
def prompt(name: str) -> Prompt:
    """Load the prompt of that name."""
    match = _HEAD.match((_FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    assert match, f"{name}.md has no front matter"
    head = dict(line.split(": ", 1) for line in match["head"].splitlines())
    _, *cut = _PART.split(match["body"])
    parts = tuple((role, text.strip("\n")) for role, text in zip(cut[::2], cut[1::2], strict=True))
    stop = tuple(word.replace("\\n", "\n") for word in head.get("stop", "").split(" | ") if word)
    return Prompt(head["name"], int(head["version"]), head["use"], stop, parts)


def prompts() -> list[Prompt]:
    """All prompts, by name."""
    return [prompt(path.stem) for path in sorted(_FOLDER.glob("*.md"))]
