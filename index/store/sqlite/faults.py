"""What is wrong with a library's database and with what is derived from it."""

from __future__ import annotations

from index.errors import LibraryCorrupt, LibraryLocked
from index.store.sqlite.articles import ArticleTable
from index.store.sqlite.database import Database
from index.store.sqlite.derived import DerivedLexical, DerivedVectors
from index.store.sqlite.families import FamilyTable
from index.store.sqlite.lock import writing
from index.store.sqlite.passages import PassageTable
from index.store.sqlite.row_checksums import RowChecksums

__all__ = ["faults", "row_faults"]

_REPAIR = "run pullquote doctor --repair"
_ADD_AGAIN = "it cannot be made anew: remove it and add it again"
_BACK = "put a backup back (pullquote restore)"


def faults(database: Database, vector_index: str) -> list[str]:
    """Check all that is stored; list the faults, each with its remedy."""
    rows = RowChecksums(database)
    wrong: list[str] = []
    with database.reading():
        wrong += [f"{problem}; {_REPAIR}, and if it stays {_BACK}" for problem in database.damage()]
        for id in ArticleTable(database).changed_texts():
            wrong.append(f"article {id!r} is not as it was written; {_ADD_AGAIN}, or {_BACK}")
        if not wrong:
            repairable = [*PassageTable(database).faults(), *row_faults(database)]
            wrong += [f"{database.folder}: {fault}; {_REPAIR}" for fault in repairable]
            for row in rows.faults(of_removable=False):
                remedy = f"{_ADD_AGAIN}, or {_BACK}" if row.startswith("article") else _BACK
                wrong.append(f"{database.folder}: {row} is not as it was written; {remedy}")
        try:
            DerivedVectors(database, vector_index).check()
        except LibraryCorrupt as exc:
            wrong.append(f"{exc}; {_REPAIR}")
    if lexical := _lexical_fault(database):
        wrong.append(f"{lexical}; {_REPAIR}")
    return wrong


def row_faults(database: Database) -> list[str]:
    """List what is wrong with rows that a repair takes out or makes anew."""
    rows = RowChecksums(database).faults(of_removable=True)
    damage = [f"{row} is not as it was written" for row in rows]
    # Signatures that do not hold make other bands.
    if not damage and FamilyTable(database).has_damaged_bands():
        damage.append("what near-duplicates are looked up by is not as it was written")
    return damage


def _lexical_fault(database: Database) -> str | None:
    if not database.generation:
        return None
    lexical = DerivedLexical(database)
    if database.read_only:
        return lexical.wrong()
    try:
        with writing(database.folder, timeout=0):
            return lexical.wrong()
    except LibraryLocked:
        return None  # Its files come and go while somebody is writing.
