"""Open zip archives of XML files without trusting the sizes and the XML in them.

A member is inflated only after its stated sizes were checked, and never beyond them; XML is parsed
without entities, external files or network.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from index.load.base import Source

__all__ = ["Archive", "parse_xml"]

MAX_MEMBERS = 20_000
MAX_MEMBER = 100_000_000
MAX_TOTAL = 500_000_000
# Text deflates to a fifth or a tenth; the format's own limit is a thousandth.
MAX_RATIO, RATIO_FROM = 200, 2_000_000
MAX_ELEMENTS = 2_000_000
# Characters that XML may not hold, and that programs put into it all the same.
_ILLEGAL = re.compile(
    rb"(?i)[\x01-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]"
    rb"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[0-9a-f])|x0*fff[ef]);"
)


class Archive:
    """The members of a zip file by name. All reading raises ``LoadError``."""

    def __init__(self, zip_file: zipfile.ZipFile, source: Source) -> None:
        self._zip = zip_file
        self._source = source
        self._budget = MAX_TOTAL
        self._texts: dict[str, str] = {}
        members = zip_file.infolist()
        if len(members) > MAX_MEMBERS:
            raise source.refused(f"{len(members):,} files in it, over the limit of {MAX_MEMBERS:,}")
        self.names = {member.filename: member for member in members}
        packed_size = sum(member.compress_size for member in members)
        if packed_size > 2 * source.size:
            raise source.refused("a zip bomb: its files overlap each other")

    @classmethod
    @contextmanager
    def open(cls, source: Source) -> Iterator[Archive]:
        """Open the archive of a source until the block ends."""
        try:
            with source.open() as file, zipfile.ZipFile(file) as zip_file:
                yield cls(zip_file, source)
        except zipfile.BadZipFile as exc:
            reason = str(exc).removesuffix(".").lower()
            raise source.refused(f"damaged, or not a zip archive: {reason}") from exc

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str) -> bytes:
        """Read a member's bytes; ``LoadError`` when it is missing, encrypted, damaged or a zip
        bomb."""
        member = self.names.get(name)
        if member is None:
            raise self._source.refused(f"{name} is missing in it")
        if member.flag_bits & 1:
            raise self._source.refused(f"{name} in it is encrypted")
        size, packed_size = member.file_size, max(1, member.compress_size)
        if size > RATIO_FROM and size > MAX_RATIO * packed_size:
            raise self._source.refused(
                f"a zip bomb: {name} would grow {size // packed_size:,} times, to {size:,} bytes"
            )
        if size > min(MAX_MEMBER, self._budget):
            raise self._source.refused(
                f"{name} in it has {size:,} bytes, over the limit of {MAX_MEMBER:,} bytes a file "
                f"and {MAX_TOTAL:,} in all"
            )
        self._budget -= size
        try:
            # zipfile inflates no more than the size stated, which was checked.
            return self._zip.read(member)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as exc:
            raise self._source.refused(f"{name} in it is damaged: {exc}") from exc
        except (NotImplementedError, RuntimeError) as exc:
            raise self._source.refused(f"{name} in it cannot be unpacked: {exc}") from exc

    def text(self, name: str) -> str:
        """Read a member of UTF-8 that many others name."""
        if name not in self._texts:
            self._texts[name] = self.read(name).decode(errors="replace")
        return self._texts[name]

    def xml(self, name: str) -> Any:
        """Parse an XML member and return its root element."""
        return self.parse(self.read(name), name)

    def parse(self, data: bytes, name: str) -> Any:
        """Parse XML that was read from the member ``name`` and return its root element."""
        return parse_xml(data, self._source, name)

    def resolve(self, base: str, href: str) -> str:
        """Resolve ``href`` relative to the member ``base``; returns the name of a member."""
        target = unquote(href.partition("#")[0])
        return posixpath.normpath(posixpath.join(posixpath.dirname(base), target)).lstrip("/")


def parse_xml(data: bytes, source: Source, name: str) -> Any:
    """Parse a document and return its root element.

    Raises ``LoadError`` for what is not XML, and for entity declarations: no article needs them,
    and a few bytes of them can expand to gigabytes. lxml's own limits apply (depth 256, text nodes
    of 10 MB, entities that grow a little, for those declared in UTF-16); nothing outside is ever
    opened.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    if b"<!ENTITY" in data:
        raise source.refused(f"{name} in it declares XML entities, which are not read")
    try:
        # In UTF-16, which has zero bytes, these bytes are halves of characters.
        root = etree.fromstring(data if b"\x00" in data else _ILLEGAL.sub(b"", data), parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise source.refused(f"{name} in it is not XML: {exc}") from exc
    count = sum(1 for _ in root.iter())
    if count > MAX_ELEMENTS:
        raise source.refused(f"{name} in it has {count:,} elements, over {MAX_ELEMENTS:,}")
    return root
