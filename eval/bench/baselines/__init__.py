"""Pullquote and other systems with the same encoder, one a file, each as its own documentation
starts it.

Their packages come with the extra ``bench`` and are imported when a baseline is built.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from eval.bench.baselines.baseline import Baseline
from eval.bench.baselines.haystack import Haystack
from eval.bench.baselines.langchain import LangChain
from eval.bench.baselines.llamaindex import LlamaIndex
from eval.bench.baselines.pullquote import OwnLibrary
from eval.bench.baselines.txtai import Txtai

__all__ = ["Baseline", "Haystack", "LangChain", "LlamaIndex", "OwnLibrary", "Txtai", "baselines"]


def baselines(model: Path) -> Mapping[str, Callable[[Path], Baseline]]:
    """Return a function that makes each baseline for a folder to be saved in, by name; ``model`` is
    a sentence-transformers folder."""
    return {
        "langchain": partial(LangChain, model),
        "llamaindex": partial(LlamaIndex, model),
        "haystack": partial(Haystack, model),
        "txtai": partial(Txtai, model),
    }
