"""The two sample articles that ship with Pullquote, and questions that they may answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from index.load.base import Loaded

__all__ = ["SAMPLES", "SAMPLE_QUESTIONS", "sample_articles"]

SAMPLES = Path(__file__).resolve().parents[1] / "seeds"

# By article. They are asked before they are suggested, as all others are.
SAMPLE_QUESTIONS: Final[dict[str, tuple[str, ...]]] = {
    "h20-ban-self-sufficiency": (
        "How much does Alibaba plan to spend on cloud computing and AI?",
        "Who is affiliated with Huawei?",
        "What have chipmakers in Europe become?",
    ),
    "china-ai-chip-curbs": (
        "What is Tencent exploring besides buying GPUs?",
        "Who is the president of Baidu’s AI cloud division?",
        "What does Gaurav Gupta say about Chinese chips?",
    ),
}


def sample_articles(max_chars: int) -> Sequence[Loaded]:
    """Load the sample articles; none where they are not installed."""
    # Who asks wants the folder alone.
    from index.load import load_paths

    return list(load_paths([SAMPLES], max_chars)) if SAMPLES.is_dir() else []
