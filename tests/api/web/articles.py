"""The articles that the page is tested with."""

from __future__ import annotations

from datetime import date

from index.article import Article
from index.text.normalise import clean

__all__ = ["ARTICLES", "EMOJI", "HARBOUR", "HOSTILE"]

# Letters outside the first plane, families joined by zero-width joiners, flags, marks that
# combine with the letter before, and letters from right to left.
EMOJI = Article(
    id="emoji",
    title="The 🎪 circus of Zürich counts its 𝕒𝕟𝕚𝕞𝕒𝕝𝕤",
    publisher="Tierblatt 🦓",
    author="Åse Ødegård",
    published_at=date(2024, 2, 29),
    text=clean(
        "🐘🐘🐘 The elephants 👨‍👩‍👧‍👦 arrived on Monday 🇨🇭 with a̶n̶ old friend.\n\n"
        "Acrobats 🤸🏽‍♀️ and jugglers 🤹 followed e̋ven later 🎪.\n\n"
        "The ringmaster 🎩 promised that the elephants would perform "
        "«𝟛𝟠 tricks 🎉 z̑ with a שלום 🧑🏿‍🚀 greeting» before sunset 🌇. Nobody 🙈 slept."
    ),
)

HARBOUR = Article(
    id="harbour",
    title="Harbour of Marseille opens a second basin",
    publisher="The Wire",
    author="Jo Rowe",
    published_at=date(2025, 5, 26),
    url="https://example.org/harbour",
    text=clean(
        "The harbour of Marseille opened a second basin on Monday.\n\n"
        "The money\n\n"
        "The second basin cost 380 million euros, the harbour director told reporters. "
        "The director added that tolls would pay for the basin within 12 years.\n\n"
        + "\n\n".join(
            f"Fishermen of pier {n} had asked for it again and again, and were told to wait."
            for n in range(1, 25)
        )
        + "\n\nAcross the water, Genoa watched the celebrations of its rival quietly."
    ),
)

HOSTILE = Article(
    id="../hostile?x=<b>",
    title="<img src=x onerror=\"document.title='owned'\"> Injection",
    publisher="<script>document.title='owned'</script>",
    published_at=date(2025, 1, 1),
    url="javascript:document.title='owned'",
    text=clean(
        "<script>document.title = 'owned'</script> Nasty writers smuggled scripts "
        "<img src=x onerror=\"document.title='owned'\"> into «<svg onload=alert(1)>» articles.\n\n"
        "</mark></p><iframe src=javascript:alert(2)></iframe> Editors noticed [1] nothing &amp; "
        "&lt;slept&gt;."
    ),
)

ARTICLES = (EMOJI, HARBOUR, HOSTILE)
