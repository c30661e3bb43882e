"""Talking to Milvus: its client, its errors as ours, and rows of a collection."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from index.encode.base import Floats
from index.errors import LibraryError, LibraryLocked, SettingsError, StorageError
from index.store.milvus.address import Address
from index.store.milvus.collections import create_passages, create_records, create_state
from index.store.private import private_folder

__all__ = ["RRF_K", "Engine", "Hit", "Row", "SearchScope", "chunks", "listing"]

Row = dict[str, Any]
# Key and score of what a search finds.
Hit = tuple[int, float]

# Most rows that Milvus answers a question with, and rows that are written at a time.
MOST_ROWS: Final = 16_384
_WRITE_ROWS: Final = 256
# The constant of reciprocal rank fusion.
RRF_K: Final = 60
# Values of one list in an expression.
_LIST_VALUES: Final = 2_000


class SearchScope(NamedTuple):
    """Where to search: the rows of a collection that meet a condition, in some of its partitions
    or (``None``) in all."""

    collection: str
    condition: str
    partitions: Sequence[str] | None = None


class Engine:
    """The collections of one library. Safe to share between threads.

    ``deadline``: seconds that a call may take; the client tries again within it while the engine
    cannot be reached. Raises ``SettingsError`` without the extra, ``StorageError`` when the engine
    does not answer in time, ``LibraryLocked`` when another process has the file of milvus-lite.
    """

    def __init__(self, address: Address, deadline: float, most_rows: int = MOST_ROWS) -> None:
        self.address = address
        self.state = f"{address.name}_state"
        self.records = f"{address.name}_records"
        self._deadline = deadline
        self._most_rows = most_rows
        self._loads: set[str] = set()
        uri = _start_lite(address) if address.file else address.uri
        client = _module("pymilvus").MilvusClient
        # What it reports in the log is raised as well, and told once.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        with self._errors():
            self._client = client(uri, timeout=deadline)

    def close(self) -> None:
        with self._errors():
            self._client.close()

    # Collections

    def has(self, collection: str) -> bool:
        with self._errors():
            return bool(self._client.has_collection(collection, timeout=self._deadline))

    def create(self) -> None:
        """Create the collections that do not depend on an encoder, unless they are there."""
        for collection, create in ((self.records, create_records), (self.state, create_state)):
            if not self.has(collection):
                with self._errors():
                    create(self._client, collection)

    def create_passages(self, collection: str, dim: int) -> None:
        """Create a collection for vectors of so many numbers, in place of one of that name."""
        self.drop(collection)
        # What milvus-lite has no whitespace tokenizer for, its standard one does to words.
        tokenizer = "standard" if self.address.file else "whitespace"
        with self._errors():
            create_passages(self._client, collection, dim, tokenizer)

    def drop(self, collection: str) -> None:
        self._loads.discard(collection)
        with self._errors():
            self._client.drop_collection(collection, timeout=self._deadline)

    def _load(self, collection: str) -> None:
        """Have a collection loaded, which a restarted engine may not have done by itself."""
        if collection not in self._loads:
            with self._errors():
                self._client.load_collection(collection, timeout=self._deadline)
            self._loads.add(collection)

    # Rows

    def query(
        self, collection: str, condition: str, fields: Sequence[str], limit: int | None = None
    ) -> list[Row]:
        """Select the rows that meet a condition, in no order; ``limit`` of them at most."""
        self._load(collection)
        most = min(limit or self._most_rows, self._most_rows)
        with self._errors():
            rows = self._client.query(
                collection,
                filter=condition,
                output_fields=list(fields),
                limit=most,
                timeout=self._deadline,
            )
        if limit is None and len(rows) >= most:
            return list(self._pages(collection, condition, fields))
        return [dict(row) for row in rows]

    def _pages(self, collection: str, condition: str, fields: Sequence[str]) -> Iterator[Row]:
        """Yield all rows that meet a condition, where one answer does not hold them."""
        with self._errors():
            pages = self._client.query_iterator(
                collection,
                batch_size=self._most_rows,
                filter=condition,
                output_fields=list(fields),
                timeout=self._deadline,
            )
            while page := pages.next():
                yield from (dict(row) for row in page)
            pages.close()

    def count(self, collection: str, condition: str) -> int:
        self._load(collection)
        with self._errors():
            (row,) = self._client.query(
                collection,
                filter=condition,
                output_fields=["count(*)"],
                timeout=self._deadline,
            )
        return int(row["count(*)"])

    def add_partition(self, collection: str, partition: str) -> None:
        """Create a partition, unless it is there."""
        with self._errors():
            if not self._client.has_partition(collection, partition, timeout=self._deadline):
                self._client.create_partition(collection, partition, timeout=self._deadline)

    def upsert(
        self, collection: str, rows: Iterable[Mapping[str, Any]], partition: str = ""
    ) -> None:
        """Write rows into a partition (or the default one), in place of those of their keys."""
        for part in chunks(list(rows), _WRITE_ROWS):
            whole = [{"vector": [0.0, 1.0], **row} for row in part]
            with self._errors():
                self._client.upsert(
                    collection, whole, partition_name=partition, timeout=self._deadline
                )

    def set_died(
        self, collection: str, keys: Sequence[int], generation: int, partition: str = ""
    ) -> None:
        """Say of rows in a partition in which generation they are not there any more."""
        self._load(collection)
        for part in chunks(sorted(keys), _LIST_VALUES):
            rows = [{"key": key, "died": generation} for key in part]
            with self._errors():
                self._client.upsert(
                    collection,
                    rows,
                    partial_update=True,
                    partition_name=partition,
                    timeout=self._deadline,
                )

    def delete(self, collection: str, condition: str) -> None:
        self._load(collection)
        with self._errors():
            self._client.delete(collection, filter=condition, timeout=self._deadline)

    # Searching

    def nearest(self, scope: SearchScope, query: Floats, k: int) -> list[Hit]:
        """Select the nearest rows by cosine."""
        return self._search(scope, "vector", "COSINE", query.tolist(), k)

    def bm25(self, scope: SearchScope, column: str, text: str, k: int) -> list[Hit]:
        """Rank rows by the words of a text, with Milvus's full-text function; return the best."""
        return self._search(scope, f"{column}_terms", "BM25", text, k)

    def _search(self, scope: SearchScope, field: str, metric: str, query: Any, k: int) -> list[Hit]:
        collection, condition, partitions = scope
        self._load(collection)
        with self._errors():
            (hits,) = self._client.search(
                collection,
                data=[query],
                anns_field=field,
                limit=min(k, self._most_rows),
                filter=condition,
                partition_names=None if partitions is None else list(partitions),
                output_fields=["key"],
                search_params={"metric_type": metric},
                timeout=self._deadline,
            )
        # milvus-lite gives the scores of BM25, which are never negative, with a minus.
        sign = -1.0 if metric == "BM25" and self.address.file else 1.0
        return [(int(hit["key"]), sign * float(hit["distance"])) for hit in hits]

    def hybrid(
        self, scope: SearchScope, query: Floats, column: str, text: str, k: int
    ) -> list[Hit]:
        """Search by cosine and by the words of a text in one call; return the best by reciprocal
        rank fusion, which the engine computes over the ``k`` best of each."""
        collection, condition, partitions = scope
        self._load(collection)
        pymilvus = _module("pymilvus")
        most = min(k, self._most_rows)
        searches = (("vector", "COSINE", query.tolist()), (f"{column}_terms", "BM25", text))
        with self._errors():
            (hits,) = self._client.hybrid_search(
                collection,
                reqs=[
                    pymilvus.AnnSearchRequest(
                        [value], field, {"metric_type": metric}, most, expr=condition
                    )
                    for field, metric, value in searches
                ],
                ranker=pymilvus.RRFRanker(RRF_K),
                limit=most,
                partition_names=None if partitions is None else list(partitions),
                output_fields=["key"],
                timeout=self._deadline,
            )
        return [(int(hit["key"]), float(hit["distance"])) for hit in hits]

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Translate what the client raises."""
        grpc, exceptions = _module("grpc"), _module("pymilvus.exceptions")
        place = self.address.label
        try:
            yield
        except (exceptions.MilvusUnavailableException, exceptions.ConnectError) as exc:
            raise StorageError(self._unreachable(exc)) from exc
        except exceptions.MilvusException as exc:
            words = str(exc.message or exc)
            if "connect" in words.lower() or "timeout" in words.lower():
                raise StorageError(self._unreachable(exc)) from exc
            raise LibraryError(f"{place}: Milvus refuses: {words}") from exc
        except (grpc.RpcError, OSError) as exc:
            raise StorageError(self._unreachable(exc)) from exc

    def _unreachable(self, exc: Exception) -> str:
        reason = str(getattr(exc, "message", "") or exc).split("\n")[0]
        return (
            f"{self.address.label}: Milvus did not answer within {self._deadline:g} s ({reason}); "
            "see whether it runs there, and try again"
        )


def chunks(values: Sequence[Any], size: int = _LIST_VALUES) -> Iterator[Sequence[Any]]:
    """Values in parts that fit into an expression or a call."""
    for start in range(0, len(values), size):
        yield values[start : start + size]


def listing(values: Iterable[int | str]) -> str:
    """Format numbers or hashes as a list in an expression."""
    return (
        "["
        + ",".join(f'"{value}"' if isinstance(value, str) else str(value) for value in values)
        + "]"
    )


def _start_lite(address: Address) -> str:
    """Run milvus-lite on its file, in this process and on loopback; its address."""
    assert address.file is not None
    if not address.file.parent.is_dir():
        raise StorageError(f"{address.file.parent}: no such folder; make it first")
    private_folder(address.file)
    manager = _module("milvus_lite.server_manager").server_manager_instance
    # What it lacks of Milvus it reports as if it were a failure, at each connection.
    for name in ("milvus_lite", "grpc._server"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    uri = manager.start_and_get_uri(str(address.file))
    if uri is None:
        raise LibraryLocked(
            f"{address.file} cannot be opened: another process has it (milvus-lite is for one "
            "process at a time), it is damaged, or it may not be written"
        )
    return str(uri)


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as exc:
        raise SettingsError(
            f"PULLQUOTE_STORE names Milvus, and {exc.name} is not installed: run pip install "
            "-c constraints.txt -e '.[cluster]'"
        ) from exc
