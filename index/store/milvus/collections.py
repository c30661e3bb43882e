"""The collections of a library in Milvus: what their rows hold, and how they are indexed.

Every row says in which generations it is there: from ``born`` on, before ``died``. Rows are found
by hashes of names, so that nothing that a stranger wrote gets into an expression.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

__all__ = ["FOREVER", "create_passages", "create_records", "create_state", "name_hash"]

FOREVER: Final = 1 << 62
# Milvus's own limits: bytes of a string, values of an array.
_LONGEST_TEXT: Final = 65_535
_HASH: Final = 40
_MOST_TAGS: Final = 4096


def name_hash(name: str) -> str:
    """Return the hash that a name is looked up by: 32 hexadecimal digits."""
    return hashlib.blake2b(name.encode(errors="replace"), digest_size=16).hexdigest()


def create_state(client: Any, name: str) -> None:
    """Create the collection of the state and of the claims to write."""
    schema = _schema(client)
    schema.add_field("name", _types().VARCHAR, max_length=_HASH, is_primary=True)
    _strings(schema, _LONGEST_TEXT, "kind", "body")
    _create(client, name, schema, {})


def create_records(client: Any, name: str) -> None:
    """Create the collection of articles and of all that is not searched."""
    types = _types()
    schema = _schema(client)
    schema.add_field("key", types.INT64, is_primary=True)
    numbers = ("document", "part", "parts", "article", "version", "family", "runs")
    _numbers(schema, *numbers, "day", "born", "died")
    _strings(schema, _HASH, "kind", "owner", *_FILTERS)
    _strings(schema, _LONGEST_TEXT, "name", "publisher", "language", "about", "body")
    _strings(schema, 1024, "content", "signature")
    schema.add_field(
        "tags",
        types.ARRAY,
        element_type=types.VARCHAR,
        max_capacity=_MOST_TAGS,
        max_length=_HASH,
    )
    _create(client, name, schema, dict.fromkeys(("document", "article", "owner", "kind"), _SCALAR))


def create_passages(client: Any, name: str, dim: int, tokenizer: str) -> None:
    """Create the collection of passages, with an index for either search.

    ``tokenizer``: cuts what is at hand as terms already (:mod:`index.search.analyzer`).
    """
    from pymilvus import Function, FunctionType

    types = _types()
    schema = _schema(client, dim)
    schema.add_field("key", types.INT64, is_primary=True)
    _numbers(schema, "article", "ordinal", "day", "born", "died")
    _strings(schema, _HASH, *_FILTERS)
    _strings(schema, _LONGEST_TEXT, "sentences")
    indexes: dict[str, dict[str, Any]] = {"article": _SCALAR, "day": _SCALAR}
    for column in ("title", "body"):
        schema.add_field(
            column,
            types.VARCHAR,
            max_length=_LONGEST_TEXT,
            enable_analyzer=True,
            enable_match=True,
            analyzer_params={"tokenizer": tokenizer},
        )
        schema.add_field(f"{column}_terms", types.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            Function(
                name=f"{column}_bm25",
                function_type=FunctionType.BM25,
                input_field_names=[column],
                output_field_names=[f"{column}_terms"],
            )
        )
        indexes[f"{column}_terms"] = {
            "index_type": "SPARSE_INVERTED_INDEX",
            "metric_type": "BM25",
            "params": {"bm25_k1": 1.2, "bm25_b": 0.75},
        }
    _create(client, name, schema, indexes)


_FILTERS: Final = ("publisher_hash", "language_hash", "base_hash")
_SCALAR: Final = {"index_type": "INVERTED"}


def _types() -> Any:
    from pymilvus import DataType

    return DataType


def _schema(client: Any, dim: int = 2) -> Any:
    """Make a schema with a vector, which every collection has to have; of two numbers where none is
    searched."""
    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("vector", _types().FLOAT_VECTOR, dim=dim)
    return schema


def _numbers(schema: Any, *names: str) -> None:
    for name in names:
        schema.add_field(name, _types().INT64)


def _strings(schema: Any, longest: int, *names: str) -> None:
    for name in names:
        schema.add_field(name, _types().VARCHAR, max_length=longest)


def _create(client: Any, name: str, schema: Any, indexes: dict[str, dict[str, Any]]) -> None:
    """Create a collection in which an acknowledged write is found by the next question."""
    parameters = client.prepare_index_params()
    parameters.add_index("vector", index_type="AUTOINDEX", metric_type="COSINE")
    for column, index in indexes.items():
        parameters.add_index(column, **index)
    client.create_collection(
        name, schema=schema, index_params=parameters, consistency_level="Strong"
    )
