"""Made-up news is the same for a seed, and is like news in what costs time."""

from __future__ import annotations

import numpy as np

from eval.bench.corpus import DIM, Corpus, TopicEncoder, clustered_vectors
from index.text.shingles import are_copies


def test_a_seed_gives_the_same_articles_and_a_longer_run_begins_with_the_shorter() -> None:
    articles = list(Corpus(3).articles(6))
    assert articles[:4] == list(Corpus(3).articles(4))
    assert articles != list(Corpus(4).articles(6))
    assert len({article.id for article in articles}) == 6


def test_some_articles_are_copies_and_words_follow_zipf() -> None:
    articles = list(Corpus().articles(30))
    copies = sum(
        are_copies(one.text, other.text)
        for at, one in enumerate(articles)
        for other in articles[at + 1 :]
    )
    assert 1 <= copies <= 8
    counts = np.unique(" ".join(a.text for a in articles).lower().split(), return_counts=True)[1]
    counts = np.sort(counts)[::-1]
    # Ten times the rank, about a tenth of the count.
    assert 4 < counts[9] / counts[99] < 25


def test_vectors_of_a_topic_lie_together() -> None:
    encoder = TopicEncoder()
    question = Corpus().questions(1)[0]
    near, far = encoder.encode([f"{question} Said the mayor.", "Bala kilo mona."])
    vector = encoder.encode_query(question)
    assert near @ vector > 0.5 > far @ vector


def test_clustered_vectors_have_near_neighbours() -> None:
    vectors = clustered_vectors(1_000)
    assert vectors.shape == (1_000, DIM)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    cosines = np.sort(vectors[:50] @ vectors.T, axis=1)
    assert cosines[:, -2].mean() > 2 * np.abs(cosines).mean()
