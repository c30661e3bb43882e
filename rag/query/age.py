"""Ask when somebody was born, where their age is asked for: articles often give the year alone.

English only.
"""

from __future__ import annotations

from typing import Final

from index.text.patterns import lazy_regex

__all__ = ["ask_for_birth"]

_AGE: Final = lazy_regex(
    r"^(?i:how old is|what is the age of) (?P<who>[A-ZÀ-Þ][\w.’'-]*(?: (?:[A-ZÀ-Þ][\w.’'-]*|de|van"
    r"|von))+)\s*\?*$"
)
_OWNER: Final = ("'s", "’s", "s'", "s’")


def ask_for_birth(question: str) -> str | None:
    """Turn "How old is Ada Lind?" into "When was Ada Lind born?"; ``None`` for any other question.

    question: standalone.
    """
    match = _AGE.match(" ".join(question.split()))
    if match is None or any(word.endswith(_OWNER) for word in match["who"].split()):
        return None
    return f"When was {match['who']} born?"
