"""Question sets in any of four layouts, which are recognised by their files."""

from __future__ import annotations

from pathlib import Path

from eval.dataset.beir import CORPUS, QUERIES, open_beir
from eval.dataset.ours import DOCUMENTS, QUESTIONS, open_ours, open_questions
from eval.dataset.plain import LibraryArticles, open_plain
from eval.dataset.questions import Case, Dataset, GoldSpan
from eval.dataset.squad import open_squad
from eval.errors import DatasetError

__all__ = ["Case", "Dataset", "GoldSpan", "open_dataset", "open_questions"]

PLAIN = {".jsonl", ".csv", ".tsv"}


def open_dataset(
    path: Path,
    *,
    split: str | None = None,
    sample: int | None = None,
    library: LibraryArticles = tuple,
) -> Dataset:
    """Open the question set at ``path``, a folder or a file.

    split: the part of it to open.
    sample: how many of its questions to draw.
    library: returns the articles that a plain file may refer to by id; called only where one may.

    Raises ``DatasetError``, with file and line, for anything that is wrong with the set.
    """
    dataset = _open(path, split, library)
    if sample is None:
        return dataset
    if sample < 1:
        raise DatasetError(path, None, f"a sample has at least one question, not {sample}")
    return dataset.sample(sample)


def _open(path: Path, split: str | None, library: LibraryArticles) -> Dataset:
    if not path.exists():
        raise DatasetError(path, None, "there is no such file or folder")
    if path.is_dir():
        return _open_folder(path, split)
    if path.suffix.lower() == ".json":
        return open_squad(path)
    if path.suffix.lower() in PLAIN:
        return open_plain(path, split, library)
    raise DatasetError(path, None, "a question file ends in .jsonl, .csv, .tsv or .json (SQuAD)")


def _open_folder(folder: Path, split: str | None) -> Dataset:
    if (folder / DOCUMENTS).exists() or (folder / QUESTIONS).exists():
        return open_ours(folder, split)
    if (folder / CORPUS).exists() or (folder / QUERIES).exists():
        return open_beir(folder, split)
    files = sorted(folder.glob(f"*{split}*.json" if split else "*.json"))
    if len(files) == 1:
        return open_squad(files[0])
    if files:
        names = ", ".join(file.name for file in files)
        raise DatasetError(folder, None, f"several JSON files ({names}): name one, or a --split")
    raise DatasetError(
        folder,
        None,
        f"no question set here: expected {DOCUMENTS} and {QUESTIONS}, or BEIR's {CORPUS} and "
        f"{QUERIES}, or one SQuAD JSON file",
    )
