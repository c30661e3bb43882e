"""Whether a question asks for several things, or for their number. English only."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_count_question", "is_list_question"]

_PLURAL: Final = (
    r"(?:(?!(?:does|was|has|is|this|its)\b)[a-z-]{2,}(?<![sui])s|people|men|women|children)"
)
_LIST: Final = re.compile(
    r"^(?:please |tell me |say )*(?:"
    r"(?:list|enumerate) |name (?:all|the|some|three|four|five|every)\b|"
    r"who (?:all )?(?:are|were) |what (?:are|were) |"
    rf"which (?:of the |other )?(?:[\w-]+ ){{0,2}}?{_PLURAL}\b|"
    rf"what (?:other |kinds? of |types? of )?(?:[\w-]+ ){{0,2}}?{_PLURAL} "
    r"(?:are|were|do|does|did|have|has|had|will|can|could|would)\b|"
    r"(?:what|who|which) (?:else|all)\b)",
    re.IGNORECASE,
)
# "Which does", "what is": a verb that ends as a plural does.
_NO_PLURAL: Final = re.compile(r"^(?:which|what) (?:is|was|does|has|[a-z]+s of)\b", re.IGNORECASE)
_COUNT: Final = re.compile(r"\bhow many\b", re.IGNORECASE)


def is_list_question(question: str) -> bool:
    """Whether a question asks for several things: "which companies", "list the", "who are"."""
    return bool(_LIST.match(question)) and not _NO_PLURAL.match(question)


def is_count_question(question: str) -> bool:
    """Whether a question asks how many there are."""
    return bool(_COUNT.search(question))
