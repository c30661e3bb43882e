"""Detect picture credits, alone on a line or at the end of a caption."""

from __future__ import annotations

import re

from index.boilerplate.phrases import whole

__all__ = ["is_bare_credit", "is_credit"]

# Whose name alone credits a picture, and whose only does beside another name.
_PICTURES = (
    r"getty images|getty|ap photo|nurphoto|shutterstock|alamy(?: stock photo)?|istock(?:photo)?"
    r"|unsplash|pexels|pixabay|sopa images|lightrocket|future publishing|wikimedia commons|epa-efe"
    r"|adobe stock|picture alliance|rex features|zuma press|depositphotos|dreamstime"
    r"|anadolu via getty images"
)
_AGENCY = (
    rf"{_PICTURES}|afp|reuters|associated press|bloomberg|epa|xinhua|anadolu(?: agency)?|zuma"
    rf"|corbis|pool|dpa|imago|keystone|pa(?: media| wire| images)?|press association|handout"
    rf"|magnum photos|ap|tass|kyodo|vcg|efe|ansa|anp|belga|shutterstock"
)
_PICTURE_WORDS = (
    r"photo(?:graph(?:y|er)?|s)?|images?|pictures?|illustration|graphic|fotos?|bild|crédit photo"
)
_CREDIT = (
    # Who edited a page in Chinese.
    re.compile(r"[（(]?(?:责任编辑|責任編輯|编辑|編輯|责编|責編|校对|校對)[：:]\s*[^\s：:]{2,9}\Z"),
    re.compile(
        rf"[(\[]?(?:[^.!?]{{0,70}}?(?:\bvia\b|[/|,©]|\bby\b|[–—-])\s*)?(?:{_PICTURES})"
        rf"(?:\s*(?:[/|,]|\bvia\b)\s*(?:{_AGENCY}|[\w .’'-]{{1,30}}))*+[)\]]?\Z",
        re.IGNORECASE,
    ),
    re.compile(
        rf"[(\[]?[^.!?]{{0,70}}?(?:\bvia\b|[/|©])\s*(?:{_AGENCY})[)\]]?\Z"
        rf"|[(\[](?:{_AGENCY})[)\]]\Z|[(\[]?(?:{_AGENCY})\s*[/|]\s*[\w .’'-]{{2,60}}[)\]]?\Z",
        re.IGNORECASE,
    ),
    re.compile(
        rf"[(\[]?(?:{_PICTURE_WORDS})(?:\s+(?:credit|courtesy|source|caption))?s?\s*(?:(?::|\||–|—"
        rf"|©)\s*|\b(?:by|courtesy of)\s+(?-i:[A-ZÀ-Þ@]))(?:[^.!?]|(?<=\b\w)\.){{1,90}}\.?[)\]]?\Z",
        re.IGNORECASE,
    ),
    re.compile(
        r"[(\[]?(?:credit|crédit|image source|fuente de la imagen|caption)s?\s*:"
        r"(?!\s*[\d$€£¥])\s*[^.!?]{2,90}[)\]]?\Z",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:public (?:resource|domain)|file (?:photo|image|picture)|stock (?:photo|image)"
        r"|archive photo|photo illustration|screenshot|courtesy photo|handout(?: photo)?"
        r"|courtesy of [\w .’'&-]{2,50}|symbolbild|archivbild|creative commons.{0,40}"
        r"|cc[ -]by.{0,30})\W*\Z",
        re.IGNORECASE,
    ),
)
# An agency's name alone may be a heading or the publisher; with nothing else it is no credit.
# The same at the end of a caption.
_CREDIT_AT_END = re.compile(
    rf"(?:{_PICTURE_WORDS}|credit)\s*[:|]\s*(?:[^.!?]|(?<=\b\w)\.){{2,70}}\Z"
    rf"|[\w .’'&-]{{2,40}}/(?:{_AGENCY})(?:\s*/\s*[\w .]{{2,30}})?\Z|(?:©"
    rf"|courtesy(?: of)?)\s[^.!?]{{2,60}}\Z|(?:[\w .’'-]{{2,40}}\bvia\s+)?(?:{_PICTURES})\Z",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<!\b[A-Z])[.!?)]\s+(?=\S)")
_BARE = whole(
    r"bloomberg|reuters|ap|pa|pool|associated press|afp|dpa|xinhua|keystone|press association"
    r"|handout|anadolu(?: agency)?|pa media"
)
_PLACE_AND_DAY = re.compile(
    r"[A-Z][A-Z .,’'()-]{3,60}\s[–—-]\s[A-Z]{3,9}\.? \d{1,2},? \d{4}\s*[:.]\s.{10,}\Z"
)


def is_credit(line: str) -> bool:
    """Whether the line credits a picture, or is a caption: one that ends in such a credit, or opens
    with place and day in capitals."""
    if _PLACE_AND_DAY.match(line):
        return True
    if len(line) <= 400 and (ends := list(_SENTENCE_END.finditer(line))):
        return bool(_CREDIT_AT_END.match(line, ends[-1].end()))
    return (
        len(line) <= 140
        and not _BARE.match(line)
        and any(pattern.match(line) for pattern in _CREDIT)
    )


def is_bare_credit(line: str) -> bool:
    """Whether the line credits a picture, or several, and says nothing else of it."""
    if not is_credit(line) or _PLACE_AND_DAY.match(line):
        return False
    ends = list(_SENTENCE_END.finditer(line))
    return not ends or is_bare_credit(line[: ends[-1].start()].strip())
