"""Tell an answer in another measure than a question asks for: "How long does it take?", "240
dollars".

Only where the question's measure is certain by its form ("how long does", "how much did ...
cost") and what is marked as the answer has a unit of another one alone. English only.
"""

from __future__ import annotations

import re
from typing import Final

from index.text.patterns import lazy_regex
from rag.facts.quantities import amounts

__all__ = ["is_in_other_measure"]

# What is marked is an amount, up to so many characters.
_SHORT: Final = 60
_BE_OR_DO: Final = r"(?:do|does|did|is|are|was|were|has|have|had|will|would|can|could|must|should)"
# Dimensions that may answer, money of any currency: "how long is the path" asks for either.
_MEASURES: Final = tuple(
    (lazy_regex(rf"\b{pattern}", re.IGNORECASE), dimensions)
    for pattern, dimensions in (
        (rf"how long {_BE_OR_DO}\b", ("time", "length")),
        (rf"how old {_BE_OR_DO}\b", ("time",)),
        (rf"how heavy {_BE_OR_DO}\b|how much (?:do|does|did|will|would) .*\bweigh\b", ("mass",)),
        (r"how much (?:do|does|did|will|would|has|have|had) .*\b(?:costs?|pay|paid|earn|earned)\b",
         ("money",)),
    )
)  # fmt: skip


def is_in_other_measure(question: str, sentence: str, highlight: str) -> bool:
    """Whether what is marked in a sentence as the answer to a question is an amount of another
    measure, and the sentence has none of the one asked for. A mere number or a share may be of
    any."""
    dimensions = next((kinds for pattern, kinds in _MEASURES if pattern.search(question)), None)
    if dimensions is None or len(highlight) > _SHORT:
        return False
    of_mark = _dimensions(highlight)
    is_other = bool(of_mark) and not of_mark & {*dimensions, "", "percent"}
    return is_other and not _dimensions(sentence) & set(dimensions)


def _dimensions(text: str) -> set[str]:
    """The dimensions of a text's amounts; of a mere number the empty one."""
    kinds = {kind.partition(":")[0] for item in amounts(text) for _, kind in item.readings}
    return kinds - {"ordinal"}
