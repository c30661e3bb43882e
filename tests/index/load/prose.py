"""Articles that say nothing, in as many words as are wanted."""

from __future__ import annotations

import random

__all__ = ["paragraphs"]

_WORDS = """
    harbour breakwater engineers municipality authority inspectors considerable estimated
    neighbouring fishermen correspondence representatives cooperative extraordinary assembly
    councillors deliberate subsidies government spokeswoman newspaper disregarded shipowners
    self-governing long-term state-owned the a of in on with after before was were had been
    said told closed found kept paid seen and but while crowns boats towns week notice repair
"""  # fmt: skip


def paragraphs(count: int, seed: int = 0) -> list[str]:
    """Paragraphs of two to five sentences, no two alike."""
    chance = random.Random(seed)
    return [" ".join(_sentence(chance) for _ in range(chance.randint(2, 5))) for _ in range(count)]


def _sentence(chance: random.Random) -> str:
    words = chance.choices(_WORDS.split(), k=chance.randint(7, 20))
    return f"{' '.join(words).capitalize()}."
