"""Lists: a question with the passages that it has to choose from, and a loss that compares them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
import torch

from eval.training.batch import Batch, collate
from eval.training.lists import ListMaker, ReadingList, batches_of_lists, list_of, loss_of_lists
from eval.training.packs import Bank
from eval.training.tasks import Task
from rag.reading.layout import Tokens
from tests.eval.training.packs import question_set


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank(question_set())


@pytest.fixture
def made(bank: Bank) -> ReadingList:
    question = next(q for q in bank.questions.questions if q.spans)
    made = list_of(Task("qed_nq", question, "own"), bank, Random(3))
    assert made is not None
    return made


class TestListOf:
    def test_gold_is_the_answer_in_its_own_article(self, made: ReadingList) -> None:
        marked = [
            passage.article.text[start:end]
            for passage, gold in zip(made.passages, made.gold, strict=True)
            for start, end in gold
        ]
        assert marked
        assert all(text.isdigit() for text in marked)
        assert len({passage.article.id for passage in made.passages}) == len(made.passages) > 1

    @pytest.mark.parametrize("kind", ["none", "swapped"])
    def test_a_question_that_nothing_answers_has_no_gold(self, bank: Bank, kind: str) -> None:
        question = next(q for q in bank.questions.questions if q.spans)
        made = list_of(Task("qed_nq", question, kind), bank, Random(3))  # type: ignore[arg-type]
        assert made is not None
        assert not any(made.gold)

    def test_where_the_article_is_taken_away_others_are_read(self, bank: Bank) -> None:
        question = next(q for q in bank.questions.questions if q.spans)
        made = list_of(Task("qed_nq", question, "removed"), bank, Random(3))
        assert made is not None
        assert question.document not in {passage.article.id for passage in made.passages}
        assert not any(made.gold)


def test_inputs_mark_the_answers_tokens(made: ReadingList, tokens: Tokens) -> None:
    maker = ListMaker(tokens)
    for passage, gold, example in zip(
        made.passages, made.gold, maker(made, Random(1)), strict=True
    ):
        # The first token stands for "no answer here".
        assert example.starts[0] == (not gold)
        assert example.evidence.any() == bool(gold)
        assert len(example.evidence) == len(passage.passage.sentences)


def _batch(made: ReadingList, tokens: Tokens) -> tuple[Batch, torch.Tensor]:
    return next(batches_of_lists([made], ListMaker(tokens), 1, Random(1)))


def test_the_loss_falls_as_the_answer_rises_above_other_passages(
    made: ReadingList, tokens: Tokens
) -> None:
    batch, groups = _batch(made, tokens)
    flat = torch.zeros(batch.ids.shape)
    right = batch.starts.float() * 5, batch.ends.float() * 5
    pooled = (batch.pooling * batch.evidence[..., None]).gt(0).any(1).float() * 5
    low = loss_of_lists((*right, pooled), batch, groups)
    middle = loss_of_lists((flat, flat, flat), batch, groups)
    # What is raised stands in passages without the answer.
    wrong = batch.valid.float() * (~batch.starts.any(1, keepdim=True) | batch.starts[:, :1]) * 5
    wrong[:, 0] = 0
    high = loss_of_lists((wrong, wrong, wrong), batch, groups)
    assert low < middle < high


def test_lists_of_a_batch_do_not_compare_with_each_other(made: ReadingList, tokens: Tokens) -> None:
    examples = ListMaker(tokens)(made, Random(1))
    twice = collate(examples * 2)
    torch.manual_seed(0)
    logits = torch.randn(len(examples), twice.ids.shape[1])
    apart = torch.tensor([0] * len(examples) + [1] * len(examples))
    single = collate(examples)
    three = (logits, logits, logits)
    doubled = tuple(torch.cat([part, part]) for part in three)
    alone = loss_of_lists(three, single, torch.zeros(len(examples), dtype=torch.long))
    both = loss_of_lists(doubled, twice, apart)  # type: ignore[arg-type]
    assert torch.isclose(alone, both, atol=1e-5)


def test_a_passage_that_is_too_long_is_left_out(made: ReadingList, tokens: Tokens) -> None:
    long = replace(made, question=made.question + " and why" * 300)
    assert len(ListMaker(tokens)(long, Random(1))) == len(made.passages)
