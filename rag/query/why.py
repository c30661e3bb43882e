"""Turn a bare "why?" into the question before it with a why.

"Which engineer was dismissed?" becomes "Why was that engineer dismissed?", and "When will it open?"
"Why will it open then?": what was asked for is pointed to, so that somebody would say so. English
only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from index.text.patterns import lazy_regex
from rag.question import Turn

__all__ = ["ask_why"]

_WHY: Final = lazy_regex(
    r"^(?:but |and |so )?(?:why|how so|how come)(?: is that)?[\s.!?,]*$", re.IGNORECASE
)
_DO: Final = r"do|does|did"
_AUXILIARY: Final = rf"{_DO}|is|are|was|were|has|have|had|will|would|can|could|should|must"
_OPENING: Final = r"^\W*(?:(?:and|but|so|then)\W+)?"
_END: Final = r"(?P<rest>.+?)[\s?.!]*$"
_YES_NO: Final = lazy_regex(rf"{_OPENING}(?P<auxiliary>{_AUXILIARY}) {_END}", re.IGNORECASE)
# "Which engineer was dismissed?", "how many people did they dismiss?"
_OF_NOUN: Final = lazy_regex(
    rf"{_OPENING}(?:which|what|how (?P<many>many|much)) (?P<noun>(?:[a-z-]+ ){{1,3}}?)"
    rf"(?P<auxiliary>{_AUXILIARY}) {_END}",
    re.IGNORECASE,
)
# "How long will it take?", "when will it open?", "what did they promise?"
_PLAIN: Final = lazy_regex(
    rf"{_OPENING}(?:how (?P<degree>(?!{_AUXILIARY})[a-z]+)|(?P<wh>when|where|why|what)) "
    rf"(?P<auxiliary>{_AUXILIARY}) {_END}",
    re.IGNORECASE,
)
_BEHIND: Final = {"when": "then", "where": "there", "why": "", "what": "that"}
_HAS_SUBJECT: Final = lazy_regex(r"(?:the|an?|its|his|her|their|they|he|she|it|we|you)\b|[A-Z]")
_PLURAL: Final = lazy_regex(r"(?:[a-z]{2,}(?<![su])s|people|men|women|children|police)$", re.I)
# "What is the rent?" leaves nothing to be asked why.
_WHAT_IS: Final = lazy_regex(rf"{_OPENING}what (?:is|are|was|were)\b", re.IGNORECASE)


def ask_why(text: str, history: Sequence[Turn]) -> str | None:
    """Turn a bare "why?" into the question before it with a why; ``None`` where that is not
    possible, or something else is asked."""
    if not _WHY.match(" ".join(text.split())):
        return None
    previous = next((turn.content for turn in reversed(history) if turn.role == "user"), "")
    previous = " ".join(previous.split())
    if match := _YES_NO.match(previous):
        return _why(match["auxiliary"], match["rest"])
    if match := _OF_NOUN.match(previous):
        return _why_of(match)
    match = _PLAIN.match(previous)
    if match is None or _WHAT_IS.match(previous):
        return None
    degree = match["degree"]
    pointer = f"that {degree.lower()}" if degree else _BEHIND[match["wh"].lower()]
    return _why(match["auxiliary"], match["rest"], pointer)


def _why(auxiliary: str, *rest: str) -> str:
    return f"Why {' '.join(filter(None, (auxiliary.lower(), *rest)))}?"


def _why_of(match: re.Match[str]) -> str:
    """Ask why of the noun that was asked for, as the subject or behind the verb."""
    auxiliary, noun, rest = match["auxiliary"], match["noun"].strip(), match["rest"]
    if many := match["many"]:
        thing = f"that {many.lower()} {noun}"
    else:
        thing = f"{'those' if _PLURAL.search(noun) else 'that'} {noun}"
    is_object = re.fullmatch(_DO, auxiliary, re.IGNORECASE) or _HAS_SUBJECT.match(rest)
    return _why(auxiliary, rest, thing) if is_object else _why(auxiliary, thing, rest)
