from __future__ import annotations

import pytest

from index.load.plain.form_feeds import join_pages


@pytest.mark.parametrize(
    ("pages", "text"),
    [
        (
            ["The cranes were sold in\n\n   - 1 -\n", "March.\n\n  - 2 -"],
            "The cranes were sold in\nMarch.",
        ),
        (["Gazette\n\nThe first.\n1", "Gazette\n\nThe next.\n2"], "The first.\n\nThe next."),
        (
            ["Harbour closes\n\nIt is shut.", "Ships wait."],
            "Harbour closes\n\nIt is shut.\n\nShips wait.",
        ),
        (["One page alone.\n1"], "One page alone.\n1"),
        (
            [
                "In 2021 the parish had 1,234 residents.\n\nMany left.",
                "In 2022 the parish had 1,020 residents.\n\nSome came back.",
            ],
            "In 2021 the parish had 1,234 residents.\n\nMany left.\n\n"
            "In 2022 the parish had 1,020 residents.\n\nSome came back.",
        ),
    ],
)
def test_heads_and_numbers_of_pages_interrupt_no_sentence(pages: list[str], text: str) -> None:
    joined, left_out = join_pages("\f".join(pages))
    assert joined == text
    assert all(reason == "running head" for _, reason in left_out)
