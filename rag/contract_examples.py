"""The examples that describe the contract of an answer (:mod:`rag.contract`) in JSON schemas."""

from __future__ import annotations

from typing import Any

__all__ = ["ANSWER", "CITATION", "LEAD", "RESULT"]

RESULT: dict[str, Any] = {
    "document_id": "china-ai-chip-curbs",
    "document_title": "China's AI chips",
    "publisher": "The Daily Wire of Record",
    "published_at": "2025-05-26",
    "passage_id": "china-ai-chip-curbs#3",
    "text": "Alibaba plans to invest 380 billion RMB.",
    "start_char_index": 310,
    "end_char_index": 350,
    "score": 0.71,
}
ALSO_IN: dict[str, Any] = {
    "document_id": "chips-evening-post",
    "document_title": "Alibaba's chips",
    "url": None,
    "publisher": "The Evening Post",
    "published_at": "2025-05-27",
    "start_char_index": 120,
    "end_char_index": 160,
}
CITATION: dict[str, Any] = {
    "id": "c1",
    "number": 1,
    "start_index": 0,
    "end_index": 40,
    "marker_start": 41,
    "marker_end": 44,
    "cited_text": "Alibaba plans to invest 380 billion RMB.",
    "start_char_index": 310,
    "end_char_index": 350,
    "highlight_start": 334,
    "highlight_end": 349,
    "document_id": "china-ai-chip-curbs",
    "document_index": 0,
    "document_title": "China's AI chips",
    "url": None,
    "publisher": "The Daily Wire of Record",
    "published_at": "2025-05-26",
    "role": "answer",
    "support": "verbatim",
    "support_score": 0.97,
    "antecedent": None,
    "also_in": [ALSO_IN],
}
LEAD: dict[str, Any] = {
    "id": "l1",
    "number": 1,
    "cited_text": "Alibaba did not say how much of it chips will take.",
    "start_char_index": 351,
    "end_char_index": 402,
    "highlight_start": 351,
    "highlight_end": 402,
    "document_id": "china-ai-chip-curbs",
    "document_title": "China's AI chips",
    "url": None,
    "publisher": "The Daily Wire of Record",
    "published_at": "2025-05-26",
    "score": 0.31,
    "also_in": [],
}
ANSWER: dict[str, Any] = {
    "question": "How much will Alibaba invest in AI infrastructure?",
    "standalone_question": None,
    "answer": "Alibaba plans to invest 380 billion RMB. [1]",
    "abstained": False,
    "abstain_reason": None,
    "confidence": 0.93,
    "mode": "extractive",
    "fallback_reason": None,
    "as_of": "2025-05-26",
    "own_words": [],
    "parts": [],
    "timeline": [],
    "more": 0,
    "unsupported": [],
    "citations": [CITATION],
    "hint": None,
    "missing": None,
    "leads": [],
    "search_results": [RESULT],
    "usage": {"latency_ms": 61.2, "stages_ms": {"retrieve": 20.1, "read": 41.0}, "chat": None},
    "filters": {
        "publisher": [],
        "published_from": "2025-01-01",
        "published_to": None,
        "article_ids": [],
        "language": [],
    },
    "time_words": [],
    "index_generation": 12,
}
