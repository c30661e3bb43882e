"""Find articles by id, or by the beginning of an id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from index.errors import NotFoundError, PullquoteError
from index.snapshot import View
from rag.text.similar_names import similar_articles

__all__ = ["complete_id", "full_id", "full_ids"]

# How many ids a message names.
_SUGGESTIONS: Final = 3


def full_ids(view: View, beginnings: Sequence[str]) -> list[str]:
    """Return the full id of each beginning; see :func:`full_id`."""
    titles = {article.id: article.title for article in view.articles()}
    return [_full_id(titles, beginning) for beginning in beginnings]


def full_id(view: View, beginning: str) -> str:
    """Return the one id that is ``beginning`` or begins with it.

    Raises ``NotFoundError`` where several do or none does; it names those, or the nearest by id or
    by title.
    """
    return full_ids(view, [beginning])[0]


def _full_id(titles: Mapping[str, str], beginning: str) -> str:
    if beginning in titles:
        return beginning
    matches = [id for id in titles if beginning and id.startswith(beginning)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        more = ", ..." if len(matches) > _SUGGESTIONS else ""
        names = ", ".join(matches[:_SUGGESTIONS])
        raise NotFoundError(f"{len(matches)} ids begin with {beginning}: {names}{more}")
    nearest = similar_articles(beginning, titles, _SUGGESTIONS)
    nearest = nearest or [id for id in titles if beginning and beginning in id][:_SUGGESTIONS]
    names = " or ".join(f"{id} ({titles[id]})" if titles[id] else id for id in nearest)
    advice = f"; do you mean {names}?" if nearest else "; pullquote list lists them"
    raise NotFoundError(f"no article {beginning or repr(beginning)} in the library{advice}")


def complete_id(incomplete: str) -> list[str]:
    """Return the library's ids with this beginning, for completion in the shell."""
    from api.cli.library import open_library

    try:
        with open_library() as pullquote, pullquote.library.view() as view:
            return [article.id for article in view.articles() if article.id.startswith(incomplete)]
    except PullquoteError:
        # A shell that completes has nowhere to show an error.
        return []
