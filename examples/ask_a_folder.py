"""Ask a folder of articles, and show which characters every sentence of the answer rests on.

python examples/ask_a_folder.py seeds "How much will Alibaba invest in AI infrastructure?"
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pullquote import Pullquote


def main(folder: Path, question: str) -> None:
    """Add what is in the folder (what is there already costs nothing), and ask."""
    with Pullquote.open(create=True) as pullquote:
        for failure in pullquote.add([folder]).failed:
            print(failure, file=sys.stderr)
        answer = pullquote.ask(question)
    print(answer.answer)
    for citation in answer.citations:
        place = f"characters {citation.start_char_index} to {citation.end_char_index}"
        print(f"[{citation.number}] {citation.document_title}, {place}")
    for lead in answer.leads:
        print(f"It may help: {lead.cited_text} ({lead.document_title})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("question")
    main(**vars(parser.parse_args()))
