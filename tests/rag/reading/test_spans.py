from __future__ import annotations

import numpy as np

from index.article import Span
from rag.reading.spans import SentenceScan, best_of_each, best_span


def test_a_span_does_not_end_before_it_starts() -> None:
    starts, ends = np.array([0, 1, 9], np.float32), np.array([9, 2, 0], np.float32)
    # The best start and the best end are 9 each, the wrong way round.
    assert best_span(starts, ends) == (0, 0, 9.0)


def test_a_span_has_thirty_tokens_at_most() -> None:
    starts, ends = np.zeros(40, np.float32), np.zeros(40, np.float32)
    starts[0], ends[29], ends[30] = 5, 4, 6
    assert best_span(starts, ends) == (0, 29, 9.0)


def test_of_a_sentence_read_twice_the_surer_scan_is_kept() -> None:
    low, high = (SentenceScan(0, 3, Span(0, 2), margin, 0.0) for margin in (1.0, 2.0))
    other = SentenceScan(1, 3, Span(0, 2), 0.0, 0.0)
    assert best_of_each([low, other, high]) == [high, other]
