"""What is read: the best passages, and the rest of the articles that rank best."""

from __future__ import annotations

from eval.dataset.passages import all_passages
from index.article import Article
from index.snapshot import Found
from rag.retrieval.siblings import choose_passages


def long_article(name: str) -> Article:
    sentences = (
        f"The council of {name} met on day {number} and heard from the people of the town, who "
        f"had come to say what they thought of plan {number} and of those before it."
        for number in range(40)
    )
    return Article(id=name, title=name.title(), text=" ".join(sentences))


NORTH, SOUTH = long_article("north"), long_article("south")
NORTHERN, SOUTHERN = all_passages(NORTH), all_passages(SOUTH)


def ids(hits: list[Found]) -> list[tuple[str, int]]:
    return [(hit.article.id, hit.passage.span.start) for hit in hits]


class TestChoosePassages:
    def test_half_follow_the_ranking_and_half_are_of_the_best_article(self) -> None:
        ranked = [NORTHERN[2], SOUTHERN[1], SOUTHERN[0], NORTHERN[0]]

        chosen = choose_passages(ranked, 4, all_passages)

        assert ids(chosen[:2]) == ids(ranked[:2])
        assert all(hit.article.id == "north" for hit in chosen[2:])

    def test_the_article_with_more_passages_ranked_high_goes_first(self) -> None:
        ranked = [NORTHERN[2], SOUTHERN[1], SOUTHERN[3], SOUTHERN[0]]

        chosen = choose_passages(ranked, 6, all_passages)

        assert chosen[3].article.id == "south"

    def test_no_passage_twice_and_never_more_than_asked_for(self) -> None:
        ranked = [*NORTHERN, *SOUTHERN]
        for many in range(1, 20):
            chosen = ids(choose_passages(ranked, many, all_passages))
            assert len(set(chosen)) == len(chosen) == min(many, len(ranked))

    def test_short_articles_leave_room_to_what_ranks_next(self) -> None:
        notes = [
            all_passages(Article(id=f"n{i}", title="", text=f"Note {i} says that it rained."))[0]
            for i in range(8)
        ]
        assert ids(choose_passages(notes, 6, all_passages)) == ids(notes[:6])

    def test_nothing_found_is_nothing_read(self) -> None:
        assert choose_passages([], 8, all_passages) == []
