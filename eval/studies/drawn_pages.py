"""Draw pages of invented text as they are photographed and scanned, so that it is known which words
stand on them.

Fonts are looked for by their files' names, in the folders of the system and in packages that bring
fonts along (``reportlab``, which the tests install, has a sans serif).
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from eval.errors import FontError

__all__ = [
    "KINDS",
    "TEXTS",
    "DrawnFile",
    "Face",
    "Fonts",
    "Kind",
    "draw",
    "font_folders",
    "load_fonts",
]

Face = Literal["serif", "sans"]
Language = Literal["en", "de"]
Fonts = Mapping[Face, Path]

# Of each face the first that is there.
_FILES: Final[Mapping[Face, tuple[str, ...]]] = {
    "serif": (
        "DejaVuSerif.ttf", "LiberationSerif-Regular.ttf", "NotoSerif-Regular.ttf", "FreeSerif.ttf",
        "Times New Roman.ttf", "times.ttf",
    ),
    "sans": (
        "DejaVuSans.ttf", "LiberationSans-Regular.ttf", "NotoSans-Regular.ttf", "FreeSans.ttf",
        "Vera.ttf", "Arial.ttf", "arial.ttf",
    ),
}  # fmt: skip
_SYSTEM_FOLDERS: Final = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts",
    "/System/Library/Fonts", "/Library/Fonts", "C:/Windows/Fonts",
)  # fmt: skip
_PACKAGES: Final = ("reportlab",)

# Two paragraphs each, in curved quotation marks, with figures, names and divisions of a sentence.
TEXTS: Final[Mapping[Language, tuple[tuple[str, str], ...]]] = {
    "en": (
        ("The harbour board of Arvensa voted on Monday to close the old grain terminal, which has "
         "stood on the north quay since 1931. It handled 48,200 tonnes last year, less than half "
         "of what it was built for, and its roof would cost 3.4 million crowns to mend.",
         "“We have waited eleven years for a tenant,” said Ida Lindqvist, who leads the board. "
         "Forty-two people work there; most of them are to move to the container yard by March."),
        ("Belmoor’s night trams will run again from 14 September, the transport office announced. "
         "Lines 3 and 7 leave the market every twenty minutes until half past two, and a single "
         "ticket costs 2.80 crowns, ten cents more than before the bridge was closed.",
         "Drivers had asked for two people on each tram after midnight. The office agreed to that "
         "on Fridays and Saturdays only: “More than this we cannot pay,” its spokesman Per Okafor "
         "told reporters. The union will decide next week whether it is enough."),
        ("A dry spring has left the reservoir above Castrel at 61% of its usual level, and the "
         "waterworks ask gardeners to water in the evening. Nobody is forbidden to, says engineer "
         "Ruth Kowal; that would take a decree of the district.",
         "In 2018, the last year as dry as this one, the level fell to 38% by August and lorries "
         "brought water to six villages. Since then 17 kilometres of leaking pipe have been "
         "replaced, which saves about 900 cubic metres a day."),
    ),
    "de": (
        ("Die Hafenbehörde von Grünsund hat am Montag beschlossen, dass der alte Kran auf der "
         "Südmole nicht länger repariert wird. Die Prüfer fanden Risse in drei von vier Füßen; "
         "eine Sanierung würde rund 1,8 Millionen Kronen kosten.",
         "„Wir hängen an ihm, aber er trägt nichts mehr“, sagte Jürgen Größ, der Sprecher der "
         "Behörde. Achtundvierzig Beschäftigte sollen bis Ende März an den neuen Kai wechseln."),
        ("In Weißenau fährt die Straßenbahn ab dem 14. September wieder bis zum Schloßplatz. Die "
         "Gleise waren nach dem Hochwasser im Frühjahr auf 600 Metern unterspült, und die Kosten "
         "von 920.000 Euro trägt zur Hälfte das Land.",
         "Für Fahrgäste ändert sich wenig: Züge kommen alle zwölf Minuten, nachts jede halbe "
         "Stunde. „Über einen dichteren Takt reden wir im Herbst“, kündigte Bürgermeisterin Anna "
         "Möhring an."),
    ),
}  # fmt: skip

# A column is so wide, in sizes of its type, and pages have these margins and spaces.
_WIDTHS: Final = {1: 30, 2: 17}
_MARGIN, _GUTTER, _LEADING, _GAP = 2.5, 2.0, 1.4, 0.7
_PAPER, _INK = 250, 20
_BLUR, _NOISE, _DEGREES = 1.0, 12.0, 1.5
# Of pictures in a PDF, dots an inch.
_RESOLUTION: Final = 150


@dataclass(frozen=True, slots=True)
class Kind:
    """How pages are drawn.

    size: of the type, in pixels.
    turns: right angles to the left that the finished page is turned by.
    worn: whether it is blurred, noisy and somewhat aslant.
    pdf_pages: of how many pages a PDF is made; 0 for a picture by itself.
    """

    name: str
    face: Face = "serif"
    language: Language = "en"
    size: int = 28
    columns: int = 1
    turns: int = 0
    worn: bool = False
    pdf_pages: int = 0


KINDS: Final = (
    Kind("plain, serif"),
    Kind("plain, sans serif", face="sans"),
    Kind("two columns", columns=2),
    Kind("type of 15 pixels", size=15),
    Kind("type of 11 pixels", size=11),
    Kind("German", language="de"),
    Kind("blurred, with noise, aslant", worn=True),
    Kind("turned to the left", turns=1),
    Kind("turned to the right", turns=3),
    Kind("upside down", turns=2),
    Kind("scanned PDF of two pages", pdf_pages=2),
    Kind("scanned PDF of two columns", columns=2, pdf_pages=1),
    Kind("scanned PDF, upside down", turns=2, pdf_pages=1),
)


@dataclass(frozen=True, slots=True)
class DrawnFile:
    """A file that was drawn, and the words that stand in it, in the order of reading."""

    path: Path
    words: tuple[str, ...]


def font_folders() -> Iterator[Path]:
    """Yield the folders that may have fonts: the system's, then those of packages."""
    yield from (Path(folder).expanduser() for folder in _SYSTEM_FOLDERS)
    for package in _PACKAGES:
        spec = importlib.util.find_spec(package)
        yield from map(Path, (spec and spec.submodule_search_locations) or ())


def load_fonts(folders: Iterable[Path]) -> dict[Face, Path]:
    """Find a font of each face.

    Raises ``FontError`` where there is none of one.
    """
    places = list(folders)
    files: dict[str, Path] = {}
    for folder in places:
        for path in sorted(folder.rglob("*.ttf")):
            files.setdefault(path.name, path)
    fonts: dict[Face, Path] = {}
    for face, names in _FILES.items():
        font = next((files[name] for name in names if name in files), None)
        if font is None:
            raise FontError(
                f"no {face} font to draw with: none of {', '.join(names)} is in "
                f"{', '.join(map(str, places)) or 'no folder'}; Debian's fonts-dejavu-core has one"
            )
        fonts[face] = font
    return fonts


def draw(kind: Kind, fonts: Fonts, folder: Path) -> Iterator[DrawnFile]:
    """Draw the texts of a kind's language into files in a folder, the same every time: a picture or
    a PDF for each, of several pages with the texts that follow it."""
    font = ImageFont.truetype(str(fonts[kind.face]), kind.size)
    texts = TEXTS[kind.language]
    pages = [_finish_page(_page(text, font, kind), kind, seed) for seed, text in enumerate(texts)]
    slug = "".join(char if char.isalnum() else "-" for char in kind.name)
    for at in range(len(texts)):
        numbers = [(at + more) % len(texts) for more in range(max(1, kind.pdf_pages))]
        # Pillow keeps with an image what it was last saved with, further pages too.
        first, *further_pages = (pages[number].copy() for number in numbers)
        path = folder / f"{slug}-{at}{'.pdf' if kind.pdf_pages else '.png'}"
        if kind.pdf_pages:
            first.save(path, resolution=_RESOLUTION, save_all=True, append_images=further_pages)
        else:
            first.save(path)
        words = (word for number in numbers for part in texts[number] for word in part.split())
        yield DrawnFile(path, tuple(words))


def _page(text: Sequence[str], font: ImageFont.FreeTypeFont, kind: Kind) -> Image.Image:
    """Draw a text in columns of about the same height."""
    size, width = kind.size, _WIDTHS[kind.columns] * kind.size
    # How much lower each line stands than usual, and the line: paragraphs have a gap between them.
    lines = [
        (_GAP if number == 0 else 0.0, line)
        for paragraph in text
        for number, line in enumerate(_wrap_lines(paragraph, font, width))
    ]
    length = math.ceil(len(lines) / kind.columns)
    columns = [lines[at : at + length] for at in range(0, len(lines), length)]
    margin, gutter = round(_MARGIN * size), round(_GUTTER * size)
    # A column's first line has none above it.
    columns = [[(0.0, column[0][1]), *column[1:]] for column in columns]
    height = max(sum(_LEADING + gap for gap, _ in column) for column in columns)
    shape = (
        2 * margin + kind.columns * (width + gutter) - gutter,
        2 * margin + math.ceil(height * size),
    )
    page = Image.new("L", shape, _PAPER)
    canvas = ImageDraw.Draw(page)
    for number, column in enumerate(columns):
        left, y = margin + number * (width + gutter), float(margin)
        for gap, line in column:
            y += size * (_LEADING + gap)
            canvas.text((left, y), line, fill=_INK, font=font, anchor="ls")
    return page


def _wrap_lines(paragraph: str, font: ImageFont.FreeTypeFont, width: float) -> Iterator[str]:
    """Yield the lines of a paragraph; no word is divided."""
    line = ""
    for word in paragraph.split():
        longer = f"{line} {word}".lstrip()
        if line and font.getlength(longer) > width:
            yield line
            line = word
        else:
            line = longer
    yield line


def _finish_page(page: Image.Image, kind: Kind, seed: int) -> Image.Image:
    """Wear a page down and turn it, as its kind says."""
    if kind.worn:
        soft_page = page.filter(ImageFilter.GaussianBlur(_BLUR))
        aslant = soft_page.rotate(_DEGREES, Image.Resampling.BICUBIC, expand=True, fillcolor=_PAPER)
        shape = (aslant.height, aslant.width)
        noise = np.random.default_rng(seed).normal(0.0, _NOISE, shape)
        grey = np.clip(np.asarray(aslant, dtype=np.float64) + noise, 0, 255)
        page = Image.fromarray(grey.astype(np.uint8))
    return page.rotate(90 * kind.turns, expand=True)
