"""What is published: the pointer, and the manifest of each generation.

Both are read from a place that others can write to, and are validated before they are used.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import PublicationError, SchemaTooNew
from index.settings import PassageSettings
from index.validation import reason_of

__all__ = [
    "BLOCK_BYTES",
    "POINTER",
    "Block",
    "EncoderRecord",
    "Manifest",
    "ManifestEntry",
    "Pointer",
    "PublishedFile",
    "digest_of",
]

# Of the layout of a place. A newer one is refused.
FORMAT: Final = 1
POINTER: Final = "current.json"
# Pages that did not change lie where they were, so most blocks of a changed database are the same.
BLOCK_BYTES: Final = 4 << 20

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[int, Field(ge=0)]
# The files of a library: no path leads out of its folder.
_Path = Annotated[str, Field(pattern=r"^(lexical/)?[A-Za-z0-9][A-Za-z0-9._-]{0,200}$")]


def digest_of(data: bytes) -> str:
    """Compute the name of a block or manifest from its content: the SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Block(_Record):
    """A part of a file; ``size`` in bytes."""

    sha256: Digest
    size: Annotated[int, Field(ge=1, le=BLOCK_BYTES)]

    @property
    def name(self) -> str:
        return f"blocks/{self.sha256[:2]}/{self.sha256}"


class PublishedFile(_Record):
    """A file of a library: its path in the folder, and its blocks in order."""

    path: _Path
    blocks: tuple[Block, ...]


class EncoderRecord(_Record):
    """The encoder that the vectors are of (:class:`index.encode.base.EncoderId`)."""

    name: str
    weights: str
    dim: int
    max_tokens: int


class _Document(_Record):
    """A JSON file in a place, with the number of its format."""

    format: int = FORMAT

    @classmethod
    def parse(cls, data: bytes, source: str) -> Self:
        """Read what :meth:`serialise` made. ``SchemaTooNew`` for a later format,
        ``PublicationError`` for anything else; ``source`` says where it was."""
        try:
            record: Any = json.loads(data)
            version = record.get("format") if isinstance(record, dict) else None
            if isinstance(version, int) and version > FORMAT:
                raise SchemaTooNew(
                    f"{source} was published by a newer Pullquote (format {version}, this one "
                    f"knows {FORMAT}); update Pullquote here"
                )
            return cls.model_validate(record)
        except ValidationError as exc:
            reason = reason_of(exc.errors(include_url=False)[0])
            raise PublicationError(f"{source} is not what was published: {reason}") from exc
        except (ValueError, RecursionError) as exc:
            raise PublicationError(f"{source} is not what was published: no JSON") from exc

    def serialise(self) -> bytes:
        return self.model_dump_json(indent=1).encode()


class Manifest(_Document):
    """The files of one generation, and what a follower has to have to read them.

    ``library`` is the same for all generations of a library, ``schema_number`` that of its store.
    """

    library: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    generation: Number
    schema_number: Number
    encoder: EncoderRecord | None
    passage_settings: PassageSettings | None
    articles: Number
    passages: Number
    files: tuple[PublishedFile, ...]

    @property
    def blocks(self) -> dict[str, Block]:
        """Every block of the generation, by the name of its file in the place."""
        return {block.name: block for file in self.files for block in file.blocks}


class ManifestEntry(_Record):
    """What the pointer says of a manifest that is kept: of which library and generation it is, and
    the hash and the size in bytes of its file."""

    library: str
    generation: Number
    sha256: Digest
    size: Annotated[int, Field(ge=1, le=256 << 20)]

    @property
    def name(self) -> str:
        return f"manifests/{self.sha256}.json"


class Pointer(_Document):
    """The generations that are kept, the newest first."""

    generations: Annotated[tuple[ManifestEntry, ...], Field(min_length=1, max_length=1000)]

    @property
    def newest(self) -> ManifestEntry:
        return self.generations[0]
