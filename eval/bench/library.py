"""Libraries of made-up news of any size, to be asked by the real command line and server.

Their vectors come from :class:`eval.bench.corpus.TopicEncoder` under the name of the real encoder,
since encoding 200,000 passages takes hours: what is stored, searched and read is as much as ever,
but what the dense search finds for a question means nothing. The two built-in articles are among
them, so that there is something to answer.
"""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from pathlib import Path

from eval.bench.corpus import Corpus, TopicEncoder
from index.article import Article
from index.encode.base import EncoderId
from index.encode.encoders import ExportedModels
from index.library import Library
from index.load import load_paths
from rag.settings import Settings

__all__ = ["QUESTION", "make_library", "real_identity", "seed_articles"]

QUESTION = "How much will Alibaba invest in AI infrastructure?"
_SEEDS = Path(__file__).parents[2] / "seeds"
_BATCH = 500
# Passages that an article of average length is cut into.
_PER_ARTICLE = 5


def seed_articles() -> list[Article]:
    """Load the built-in articles."""
    return [item for item in load_paths([_SEEDS], 1_000_000) if isinstance(item, Article)]


def real_identity(settings: Settings) -> EncoderId:
    """Return the identity of the encoder that the settings name, which is exported where it was
    not yet."""
    models = ExportedModels(settings.models_folder, settings.threads)
    return models.passage_encoder(settings.encoder).id


def make_library(
    folder: Path, passages: int, settings: Settings, encoder: TopicEncoder
) -> tuple[int, list[Article]]:
    """Make a library of at least so many passages, a few more at most; returns how many, and its
    articles."""
    library = Library.open(folder, settings.index_settings(), encoder, create=True)
    made_up = Corpus(encoder.seed).articles(passages + 1)
    articles = seed_articles()
    with closing(library):
        count = library.add(articles, keep_copies=True).passages
        while count < passages:
            batch = list(islice(made_up, max(1, min(_BATCH, (passages - count) // _PER_ARTICLE))))
            articles += batch
            count += library.add(batch, keep_copies=True).passages
    return count, articles
