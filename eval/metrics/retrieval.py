"""Whether the right documents and passages are found, and how high up.

Document measures are computed by ir-measures (MacAvaney et al. 2022) over trec_eval. A
document stands at the rank of its first passage. Questions without a relevant document are
left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ir_measures
from ir_measures import RR, Measure, R, Success, nDCG

from eval.metrics.evidence import holds
from eval.metrics.metric import Metric, Ratio, mean
from eval.results import Result

__all__ = ["METRICS", "ranking"]

TREC = "trec_eval, through ir-measures (MacAvaney et al., ECIR 2022)"


def ranking(result: Result) -> list[str]:
    """Return the ids of the documents of the retrieved passages, without repetitions, best
    first."""
    return list(dict.fromkeys(passage.document_id for passage in result.found))


def _ratio_of(measure: Measure) -> Callable[[Sequence[Result]], Ratio]:
    def of(results: Sequence[Result]) -> Ratio:
        qrels = {
            str(place): dict(result.case.relevance)
            for place, result in enumerate(results)
            if any(grade > 0 for grade in result.case.relevance.values())
        }
        if not qrels:
            return mean([None] * len(results))
        run = {
            place: {name: -float(rank) for rank, name in enumerate(ranking(results[int(place)]))}
            for place in qrels
        }
        scores = {
            row.query_id: float(row.value) for row in ir_measures.iter_calc([measure], qrels, run)
        }
        places = map(str, range(len(results)))
        return mean([scores.get(place, 0.0) if place in qrels else None for place in places])

    return of


def _of_documents(name: str, definition: str, measure: Measure, source: str = TREC) -> Metric:
    return Metric(name, "retrieval", definition, source, _ratio_of(measure))


def _hit(k: int) -> Metric:
    definition = f"share of questions with a relevant document among the first {k}"
    source = f"trec_eval's success, {TREC.split(', ', 1)[1]}"
    return _of_documents(f"hit@{k}", definition, Success @ k, source)


def _recall(k: int) -> Metric:
    definition = f"share of the relevant documents that are among the first {k}"
    return _of_documents(f"recall@{k}", definition, R @ k)


def _ndcg(k: int) -> Metric:
    definition = f"discounted gain of the first {k} documents by grade, over that of the best order"
    source = f"Järvelin and Kekäläinen 2002; {TREC}"
    return _of_documents(f"ndcg@{k}", definition, nDCG @ k, source)


def _passage_hit(k: int) -> Metric:
    def of(results: Sequence[Result]) -> Ratio:
        return mean([_holds_first(result, k) for result in results])

    return Metric(
        name=f"passage_hit@{k}",
        group="retrieval",
        definition=f"share of questions where one of the first {k} passages has at least half of "
        "the characters of a gold span",
        source="Karpukhin et al. 2020 (top-k retrieval accuracy), by offsets instead of strings",
        of=of,
    )


def _holds_first(result: Result, k: int) -> float | None:
    spans = result.case.gold_spans
    if not spans:
        return None
    return float(any(holds(passage, span) for passage in result.found[:k] for span in spans))


METRICS: tuple[Metric, ...] = (
    *(_hit(k) for k in (1, 5, 10)),
    *(_recall(k) for k in (5, 10, 20)),
    _of_documents(
        "mrr@10", "mean of 1/rank of the first relevant document, 0 beyond rank 10", RR @ 10
    ),
    *(_ndcg(k) for k in (5, 10)),
    *(_passage_hit(k) for k in (1, 5, 20)),
)
