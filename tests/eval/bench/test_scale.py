"""Sizes of a store on Milvus, from its own rows."""

from __future__ import annotations

import pytest

from eval.bench.scale import part_bytes, sizing_table
from tests.fakes import article
from tests.index.store.store_access import new


def test_parts_are_those_of_the_rows() -> None:
    parts = part_bytes([new(article("chips", "Chips are scarce.", "Sand", language="en"))])
    # "chip scarc" and "sand": three terms of eight bytes each.
    assert (parts["vectors"], parts["terms"], parts["sparse vectors"]) == (1536, 14, 24)
    assert all(size > 0 for size in parts.values())


def test_a_million_passages_of_a_kilobyte_are_a_gigabyte() -> None:
    table = sizing_table({"vectors": 1000.0, "terms": 500.0}, millions=(1, 10))
    assert "| vectors | 1,000 | 1.0 GB | 10.0 GB |" in table
    assert table.endswith("| all | 1,500 | 1.5 GB | 15.0 GB |")


@pytest.mark.parametrize("passages", [2, 5])
def test_parts_are_means_over_passages(passages: int) -> None:
    sentence = "Chips are scarce in the harbour town this week said the mayor again. "
    long = new(article("chips", sentence * 9 * passages, language="en"))
    parts = part_bytes([long])
    assert len(long.passages) > 1
    assert parts["vectors"] == 1536
