"""Join lines that were broken to fit a page.

Wire copy and mail have a line end every 70 characters or so. Line by line it would read as half
sentences: "Repairs would cost 14" and "million crowns". The line ends of poems, lists and addresses
must stay.
"""

from __future__ import annotations

import itertools
import unicodedata

from index.text.hyphenation import join_divided
from index.text.months import month_names
from index.text.normalise import clean, word_set
from index.text.patterns import lazy_regex

__all__ = ["clean_prose", "join_lines", "unwrap"]

_WIDTH = range(50, 101)
# Characters: a shorter line that is followed by one in lower case may be an item of a list.
_MIN_BROKEN = 30
# The same where nearly all lines go on in the next.
_MIN_NARROW = 20
_MOST_GO_ON = 0.6
# Two lines alone: of the first, and of the second.
_MIN_FIRST, _MAX_SECOND = 60, 80
# Lines of Chinese and Japanese: how many characters the longest has at least, and how many fewer
# another that is full, as no line begins with a full stop. A comma ends a line of a poem.
_MIN_SPACELESS, _MOST_UNFILLED = 12, 2
_SPACELESS = lazy_regex(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f]")
_SPACELESS_END = lazy_regex(r"[、，。！？；：」』）…]$")
_END = lazy_regex(r"[.!?:;…。！？][”\"’»')\]]*$")
# Full stops that end no sentence, as a name or a number follows.
_ABBREVIATION = lazy_regex(
    r"\b(?:Dr|Mr|Mrs|Ms|Prof|St|Gen|Col|Capt|Lt|Sgt|Sen|Rep|Gov|Pres|Rev|Hon|Mt|vs|No|Nr|Nos|Mme"
    r"|Mlle|ca|bzw|Sr|Sra|approx)\.$"
)
_CURRENCY = lazy_regex(r"\b(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|JPY)$")
# A row of a table, whose cells are apart.
_ROW = lazy_regex(r"\S \| \S")
_ITEM = lazy_regex(r"\s*(?:[-*•–—>|]|\(?\d{1,3}[.)]|\(?[a-z]\))\s")
_BULLET = lazy_regex(r"\s*[-*•–—>|]\s")
# A word that was divided at the line's end; an address is none.
_DIVIDED_WORD = lazy_regex(r"(?:^|\s)[^\s/@\\_.]*[^\W_]-$")
_LABEL = lazy_regex(r"[A-ZÀ-Þ][\w ]{0,24}:\s")
# Words that no line ends with by itself: articles, prepositions, conjunctions.
_OPEN = word_set(
    "the a an of to in on at by for with from and or that which who whose than as is was were are "
    "be been has have had will would could should may might not cannot its their his her into over "
    "der die das den dem des ein eine einen einem einer eines und oder von vom zu zum zur mit für "
    "im am bei nach aus auf über dass ist war sind hat haben wird wurde nicht "
    "le la les du de d un une et ou à au aux en dans par pour avec sur que qui est sont "
    "el los las y o del al por para con una uno se es "
    "il lo gli i e di da del della dei nel nella per che "
    "het een van en op te voor met dat det som och att på till med av om og den et"
)
_UNITS = month_names("en", "de") | word_set(
    "millones millón milioni milione miliardi milhões bilhões miljoen miljard miljoner miljarder "
    "millioner milliarder milionów miliardów procent "
    "million millions billion billions trillion trillions millionen milliarde milliarden "
    "prozent euro euros dollar dollars pfund pounds kronen crowns kroner mrd mio mrd. mio. uhr "
    "tonnen kilometer meter % ° °c °f "
)
_SCALES = word_set("thousand million billion trillion Millionen Milliarden Mio. Mrd.")
# What is counted. With a capital it begins a line of its own.
_COUNT_NOUNS = word_set(
    "thousand pound per percent seconds minutes hours days weeks months years people men women "
    "children jobs seats votes ships tons tonnes kilometres kilometers miles metres meters feet "
    "degrees"
)


def clean_prose(text: str) -> str:
    """Clean a text as the library keeps it, and join words and sentences that line ends divide."""
    return clean(join_lines(clean(join_divided(text))))


def join_lines(text: str) -> str:
    """Do as :func:`unwrap` does, but without spaces where the script has none."""
    joined = unwrap(text)
    if not _SPACELESS.search(text):
        return joined
    return "".join(
        char
        for at, char in enumerate(joined)
        if char == text[at] or not (_is_spaceless(text[at - 1]) or _is_spaceless(text[at + 1]))
    )


def unwrap(text: str) -> str:
    """Replace the line ends that were only inserted to fit a page by spaces.

    The text keeps its length, so offsets in it hold. Where most lines of a text are between 50 and
    100 characters long, are followed by another line and do not end a sentence, the lines of each
    paragraph are joined. Elsewhere lines are joined in a paragraph whose lines are each as full as
    the next word allowed, and where the next line continues one: in lower case (unless the
    paragraph begins so), after a word such as "the" or half a word, or with the unit of a number.
    """
    blocks = [block.split("\n") for block in text.split("\n\n")]
    inner = [line for block in blocks for line in block[:-1]]
    if not inner:
        return text
    cut_lines = [line for line in inner if len(line) in _WIDTH and not _ends(line)]
    wide = len(inner) >= 3 and len(cut_lines) >= 0.6 * len(inner)
    return "\n\n".join(_join(block, wide) for block in blocks)


def _join(lines: list[str], wide: bool) -> str:
    is_full = _is_filled(lines) or _is_filled_without_spaces(lines)
    pieces = lines[:1]
    # Who writes without capitals, as some poems are, begins nothing with one.
    capitals = not lines[0].lstrip()[:1].islower()
    for before, line in itertools.pairwise(lines):
        joins = _goes_on(before, line, capitals) or _may_go_on(before, line, is_full, wide)
        pieces += [" " if joins else "\n", line]
    return "".join(pieces)


def _may_go_on(before: str, line: str, is_full: bool, wide: bool) -> bool:
    full = is_full or (wide and len(before) >= _WIDTH.start)
    full = full and not (_ROW.search(before) and _ROW.search(line))
    return full and bool(line.strip()) and not _ITEM.match(line)


def _goes_on(before: str, line: str, capitals: bool = True) -> bool:
    """Whether the words show that a line is the rest of the one before it. ``capitals``: whether
    new sentences begin with a capital in this text."""
    before, line = before.rstrip(), line.strip()
    if not before or not line or _BULLET.match(f"{line} ") or _ROW.search(before):
        return False
    if _DIVIDED_WORD.search(before) and line[0].isalnum():
        return True
    if _ABBREVIATION.search(before):
        return not _ITEM.match(line)
    if line[0].isdigit() and (before[-1] in "$€£¥" or _CURRENCY.search(before)):
        return True
    if _ends(before):
        return False
    last, first = before.split()[-1], line.split(maxsplit=1)[0]
    word = first.rstrip(".,;:")
    if last in _SCALES and first[:1].islower():
        return True
    if last[-1].isdigit() and (word.lower() in _UNITS or word in _COUNT_NOUNS):
        return True
    in_lower_case = first[:1].islower() and not _ITEM.match(line)
    if last.lower() in _OPEN and last != "May":
        # Half of a short line may be a line of a poem; what ends with "the" is the half of one.
        return len(before) >= _MIN_BROKEN or (capitals and in_lower_case)
    return len(before) >= _MIN_BROKEN and capitals and in_lower_case


def _is_filled(lines: list[str]) -> bool:
    """Whether no line of a paragraph had room for the first word of the next one."""
    width = max(map(len, lines))
    inner = lines[:-1]
    if not inner or width >= _WIDTH.stop or min(map(len, inner)) < _MIN_NARROW:
        return False
    if min(map(len, inner)) < _MIN_BROKEN and not _mostly_go_on(lines):
        return False
    if any(_ITEM.match(line) or _LABEL.match(line) for line in lines):
        return False
    if len(inner) == 1:
        if len(inner[0]) < _MIN_FIRST or len(lines[1]) > _MAX_SECOND or not _ends(lines[1]):
            return False
    elif not any(_goes_on(*pair) for pair in itertools.pairwise(lines)):
        return False
    if sum(_ends(line) for line in inner) > len(inner) / 2:
        return False
    firsts = (line.split(maxsplit=1)[:1] for line in lines[1:])
    return all(
        len(line) + 1 + len("".join(first)) > width
        for line, first in zip(inner, firsts, strict=True)
    )


def _mostly_go_on(lines: list[str]) -> bool:
    """Whether most of several lines end within a sentence and the next begins in lower case, below
    a first one with a capital. Lines of a poem may, but are not all as full as they can be."""
    pairs = list(itertools.pairwise(lines))
    count = sum(not _ends(before) and line[:1].islower() for before, line in pairs)
    return len(pairs) > 2 and lines[0][:1].isupper() and count >= _MOST_GO_ON * len(pairs)


def _is_filled_without_spaces(lines: list[str]) -> bool:
    """Whether lines of Chinese or Japanese are all as long but the last, and most of them end
    within a sentence."""
    width = max(map(len, lines))
    inner = lines[:-1]
    if not inner or width < _MIN_SPACELESS or min(map(len, inner)) < width - _MOST_UNFILLED:
        return False
    if sum(len(_SPACELESS.findall(line)) for line in lines) < sum(map(len, lines)) / 2:
        return False
    if any(_ITEM.match(line) for line in lines):
        return False
    return sum(bool(_SPACELESS_END.search(line)) for line in inner) <= len(inner) / 2


def _is_spaceless(char: str) -> bool:
    return bool(_SPACELESS.match(char) or unicodedata.east_asian_width(char) in "WF")


def _ends(line: str) -> bool:
    return bool(_END.search(line.rstrip()))
