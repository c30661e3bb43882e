"""Passages for a LangChain chain, each with the place that it was taken from.

python examples/langchain_retriever.py "How much will Alibaba invest in AI infrastructure?"
"""

from __future__ import annotations

import argparse

from langchain_core.documents import Document
from langchain_core.runnables import Runnable, RunnableLambda

from pullquote import Pullquote


def numbered(documents: list[Document]) -> str:
    """The passages as a prompt would have them: numbered, each with article and offsets."""
    lines = []
    for number, document in enumerate(documents, start=1):
        known = document.metadata
        place = f"{known['document_id']}:{known['start_index']}-{known['end_index']}"
        lines.append(f"[{number}] {place}\n{document.page_content}")
    return "\n\n".join(lines)


def main(question: str) -> None:
    """Search the library that the environment names, through a chain."""
    with Pullquote.open() as pullquote:
        retriever = pullquote.as_retriever(k=3)
        chain: Runnable[str, str] = retriever | RunnableLambda(numbered)
        print(chain.invoke(question))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("question")
    main(parser.parse_args().question)
