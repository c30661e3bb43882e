"""Print an answer as it comes: what was found, each sentence once it is sure, then the sources.

python examples/stream_an_answer.py "How much will Alibaba invest in AI infrastructure?"
"""

from __future__ import annotations

import argparse
import asyncio

from pullquote import AsyncPullquote
from rag.answer import Answer
from rag.events import Restart, SearchResults, Sentence


async def stream(question: str) -> None:
    """Ask the library that the environment names, from an event loop."""
    async with AsyncPullquote.open() as pullquote:
        async for event in pullquote.stream(question):
            match event:
                case SearchResults():
                    print(f"Reading {len(event.results)} passages.")
                case Sentence():
                    print(event.text, end="", flush=True)
                case Restart():
                    # Only where a chat model writes: it failed, and the quotation follows.
                    print(f"\n(Taken back: {event.reason})")
                case Answer():
                    print(event.answer if event.abstained else "")
                    for citation in event.citations:
                        print(f"[{citation.number}] {citation.document_title}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("question")
    asyncio.run(stream(parser.parse_args().question))
