"""Find the names that a misspelt one may stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rapidfuzz import fuzz, process, utils

__all__ = ["similar_articles", "similar_names"]

# Names that are less alike, of 100, are not suggested.
_LEAST_ALIKE = 65.0
# Titles have words in common more often than ids or publishers.
_LEAST_ALIKE_TITLES = 75.0


def similar_names(
    name: str,
    candidates: Sequence[str],
    limit: int,
    processor: Callable[[str], str] = utils.default_process,
) -> list[str]:
    """Return up to ``limit`` of the candidates that are like a name, the likest first.

    ``processor`` makes of each what is compared: by default its words in lower case.
    """
    matches = process.extract(
        name,
        candidates,
        scorer=fuzz.WRatio,
        processor=processor,
        score_cutoff=_LEAST_ALIKE,
        limit=limit,
    )
    return [candidate for candidate, _, _ in matches]


def similar_articles(name: str, titles: Mapping[str, str], limit: int) -> list[str]:
    """Return the ids of up to ``limit`` articles whose id or title is like a name, the likest
    first.

    titles: the title of each article by its id.
    """
    names = {(id, "id"): id for id in titles} | {
        (id, "title"): title for id, title in titles.items() if title
    }
    matches = process.extract(
        name,
        names,
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        score_cutoff=_LEAST_ALIKE_TITLES,
        limit=2 * limit,
    )
    return list(dict.fromkeys(id for _, _, (id, _) in matches))[:limit]
