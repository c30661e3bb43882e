"""Read pictures of text, photographed or scanned, with the extra ``ocr``: one article a picture."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import ClassVar

from index.load.base import Loaded, Source
from index.load.pdf.loader import article_of_pages
from index.load.pictures.ocr import INSTALL, is_installed, recognise

__all__ = ["ImageLoader"]

MAX_BYTES = 50_000_000
MAX_PIXELS = 80_000_000
# How wide a picture is taken to be, in points: a sheet of paper.
_WIDTH = 595.0
_MAX_SIDE = 4_000


class ImageLoader:
    """``.png`` and ``.jpg``: an article a picture, marked as recognised.

    Without the extra ``ocr`` pictures are refused with an error that names it.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".png", ".jpg", ".jpeg")
    content_types: ClassVar[tuple[str, ...]] = ("image/png", "image/jpeg")
    max_bytes: ClassVar[int | None] = MAX_BYTES

    def load(self, source: Source, max_chars: int) -> Iterator[Loaded]:
        if not is_installed():
            raise source.refused(f"a picture; {INSTALL}")
        from PIL import Image, ImageOps

        try:
            with Image.open(io.BytesIO(source.read(MAX_BYTES)), formats=("PNG", "JPEG")) as file:
                if file.width * file.height > MAX_PIXELS:
                    raise source.refused(f"over the limit of {MAX_PIXELS:,} pixels a picture")
                # Cameras say in a note which way is up.
                image = ImageOps.exif_transpose(file).convert("RGB")
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as exc:
            raise source.refused("damaged, or not a picture") from exc
        image.thumbnail((_MAX_SIDE, _MAX_SIDE))
        page, lines = recognise(image, _WIDTH / image.width)
        if not lines:
            raise source.refused("no text was recognised in the picture")
        yield article_of_pages([page], {}, source, max_chars, lines)
