"""Remove boxes that open over a sentence, hidden words, and links to other articles inside a
sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.boilerplate.rules import sure
from index.load.html.tags import is_within, local_name, remove, said_of, set_name
from index.text.scripts import ENDINGS

__all__ = ["is_hidden", "removal", "remove_popups", "remove_with_brackets"]

_OPENS = re.compile(
    r"tool-?_?tip|(?:^|[\s_-])(?:has-)?tip(?:$|[\s_-])|pop-?_?over|pop-?_?up|roll-?over|hover[-_]*(?:card|box|block|info|panel|content)|fly-?out|drop-?down|bubble"
    r"|\bmodal|\bdialog|info-?box|glossary|mini-?profile|lightbox|qtip|tippy"
)
# What is the box itself and not the word that opens it.
_BOX = re.compile(
    r"(?:tip|over|up|card|out|down|bubble|modal|dialog|glossary|profile)[-_]*"
    r"(?:text|content|body|block|box|panel|inner|card|list|menu|message|description|definition)"
)
_OPENER = re.compile(r"link|trigger|toggle|open|has-|with-|js-|term|word|target")
_RELATED_LINKS = re.compile(
    r"(?:^|[\s_-])(?:related|read-?more|readmore|see-?also|also-?read|read-?also|recommend\w*"
    r"|comments?-?(?:count|link|number)|(?:stock|ticker|quote|chart)-?(?:widget|chip|change)|newsletter|promo\w*|advert\w*|ad-(?:slot|unit|box)|sponsored|share|sharing|most-?read)"
    r"(?:$|[\s_-])"
)
# What leads on from the end of a paragraph, in brackets or not.
_LEADS_ON = re.compile(
    r"(?i)\W*(?:(?:read|learn|find out|see|show|view) more|read on|continue reading|more"
    r"|weiterlesen|mehr (?:lesen|erfahren|dazu)|lire (?:la suite|plus)|en savoir plus|leer más"
    r"|seguir leyendo|leggi (?:tutto|di più)|lees (?:meer|verder)|czytaj (?:więcej|dalej)|läs mer"
    r"|saiba mais|leia mais|ler mais)\W*"
)
# A label of a few words before what it leads to; and what may stand around such a link alone.
_LABEL = re.compile(r"\W*(?:[^\W\d_]+ ?){1,3}[:|]\s*\S")
_MOST_BRACKETS = 4
_SENTENCE_ENDS = re.compile(rf"[{ENDINGS}…][”\"’»)\]]*\s*[\[(|–—-]?\s*\Z")
_FOR_READERS_ALOUD = re.compile(
    r"(?:^|\s)(?:(?!not-)[\w-]+-)?(?:sr-?only|visually-?hidden|screen-?reader(?:-text|-only)?|a11y-hidden"
    r"|element-invisible|offscreen|assistive-text)(?:$|\s)"
)
# Classes that hide; what a script shows later are blocks, and not words of a sentence.
_HIDDEN_WORDS = re.compile(
    r"(?:^|\s)(?:u-|is-)?(?:hidden|hide|invisible|d-none|display-none)(?:$|\s)"
)
# Signs of the page's own beside its headings and sentences: to edit, to link.
_APPARATUS = re.compile(
    r"mw-editsection|(?:^|\s)(?:header|heading|section|anchor(?:js)?|perma)-?link(?:$|\s)"
)
_APPARATUS_CHARS = 20
# The lines of a wiki that lead to pages of like names, and say which site this is.
_LEADS_TO_OTHERS = re.compile(
    r"(?:^|\s)(?:hatnote|dablink|sitesub|contentsub|mw-jump-link)(?:$|\s)"
)
_ADVERTS = {"amp-ad", "amp-embed", "amp-sticky-ad", "amp-auto-ads"}
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\b"
    r"|(?:left|top|right|text-indent)\s*:\s*-\d{3,}(?:px|em|rem|vw|%)|clip\s*:\s*rect\(\s*[01]"
    r"|(?:^|[;\s])color\s*:\s*transparent|clip-path\s*:\s*(?:inset\(\s*(?:[5-9]\d|100)%|circle\(\s*0)"
    r"|transform\s*:\s*scale[xy3d]*\(\s*0(?:\.0+)?\s*[,)]|filter\s*:\s*opacity\(\s*0"
    r"|font-size\s*:\s*(?:0?\.0\d*r?em|0r?em|(?:0?\.\d+|0|1(?=p))(?:px|pt|%)|0)\s*(?:;|$)"
)
# A part of a line that has no room for its words.
_NO_ROOM = re.compile(r"(?:^|[;\s])(?:max-)?(?:height|width)\s*:\s*0(?:px|r?em|%)?\s*(?:;|!|$)")
_SENTENCES = {"p", "li", "dd", "dt", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"}
_PARTS = {"span", "b", "i", "em", "strong", "small", "a", "sup", "sub", "font"}
_FRAME = {"", "html", "head", "body", "script", "style", "noscript", "meta", "link", "title"}
# The colour of letters and that of what is behind them, where one element states both.
_COLOUR = re.compile(r"(?:^|[;\s])color\s*:\s*([#\w(),.%]+)")
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*([#\w(),.%]+)")
_COLOUR_NAMES = {"white": "#ffffff", "black": "#000000"}
# Parts of the page whose hidden words are of no article.
_FRAME_PARTS = {"nav", "header", "footer", "aside", "form", "dialog"}
_MOST_CHARS = 1_000
# A hidden part with more of the page's text than this waits for a script to show it.
_MOST_HIDDEN = 0.3


def is_hidden(element: Any) -> bool:
    """Whether the page's own mark-up hides the element."""
    if element.get("hidden") is not None and element.get("hidden") != "until-found":
        return True
    style = (element.get("style") or "").lower()
    # What opens over the page.
    if element.get("popover") is not None or element.get("role") in ("dialog", "alertdialog"):
        return True
    if not style:
        return False
    has_no_room = "overflow" in style and local_name(element) in _PARTS and _NO_ROOM.search(style)
    return bool(_HIDDEN_STYLE.search(style) or _is_on_its_colour(style) or has_no_room)


def _is_on_its_colour(style: str) -> bool:
    letters, behind = _COLOUR.search(style), _BACKGROUND.search(style)
    if not letters or not behind or letters[1] == "inherit":
        return False
    return _plain_colour(letters[1]) == _plain_colour(behind[1])


def _plain_colour(colour: str) -> str:
    """Write a colour in its longest form, as far as there are several."""
    if re.fullmatch("#[0-9a-f]{3}", colour):
        return "#" + "".join(digit * 2 for digit in colour[1:])
    return _COLOUR_NAMES.get(colour, colour)


def removal(element: Any, reason: str) -> list[tuple[str, str]]:
    """Return the words of an element that is to be removed, with the reason; nothing for what has
    no word, or stands in the frame of the page."""
    text = " ".join("".join(element.itertext()).split())
    # Hidden figures count comments and the like; a struck one was the article's.
    telling = r"\w" if reason == "struck out" else r"[^\W\d_]{2}"
    if not re.search(telling, text) or is_within(element, _FRAME_PARTS):
        return []
    return [(text[:_MOST_CHARS], reason)]


def remove_popups(root: Any) -> list[tuple[str, str]]:
    """Remove from the tree what opens over its sentences, what is hidden, and what interrupts a
    sentence; returns the hidden words, each with the reason, and what stands there for readers
    without scripts."""
    removals: list[tuple[str, str]] = []
    whole = max(1, _length(root))
    _show_copies(root)
    seen = whole - sum(_length(node) for node in root.iter("script", "style"))
    for element in list(root.iterdescendants()):
        name = local_name(element)
        if name == "svg" and element.getparent() is not None:
            removals += _drawn_words(element)
        if name == "noscript":
            removals += _without_scripts(element, _MOST_HIDDEN * seen)
        if name == "template" and _is_shown(element):
            set_name(element, "div")
        elif name in _ADVERTS:
            remove(element)
        elif name in ("template", "dialog") or _is_page_number(element):
            removals += removal(element, "popup" if name == "dialog" else "template")
            remove(element)
        if not element.attrib or name in _FRAME or element.getparent() is None:
            continue
        if name in _PARTS and _HIDDEN_WORDS.search(element.get("class") or ""):
            if is_within(element, _SENTENCES):
                removals += removal(element, "hidden")
                remove(element)
        elif is_hidden(element) or _FOR_READERS_ALOUD.search(said_of(element)):
            if _length(element) <= _MOST_HIDDEN * whole:
                removals += removal(element, "hidden")
                remove(element)
        elif (
            _APPARATUS.search(said_of(element))
            and len(element.xpath("string()")) <= _APPARATUS_CHARS
        ):
            remove(element)
        elif _LEADS_TO_OTHERS.search(said_of(element)):
            removals += removal(element, "navigation")
            remove(element)
        elif _interrupts(element):
            removals += removal(element, "popup")
            remove_with_brackets(element)
    return removals


def _without_scripts(element: Any, most_chars: float) -> list[tuple[str, str]]:
    """Return the words for readers without scripts, which are left out, with the reason; nothing
    for the notice of a page that needs scripts. More characters than ``most_chars`` are the
    article, and stay."""
    if local_name(element.getparent()) in ("body", "head"):
        return []
    if _length(element) > most_chars:
        set_name(element, "div")
        return []
    return removal(element, "noscript")


def _show_copies(root: Any) -> None:
    """Of words that stand twice side by side, once for eyes and once to be read aloud, keep those
    for eyes; these and a drop cap, with the rest of its word, are words like others."""
    words: set[Any] = set()
    for element in list(root.iter()):
        if (
            not local_name(element)
            or element.get("aria-hidden") != "true"
            or not element.xpath("string()")
        ):
            continue
        if any(
            next(node.iter("math", "{*}math"), None) is not None for node in _neighbours(element)
        ):
            # Glyphs of a formula, which stands beside them.
            remove(element)
            continue
        copy = next((node for node in _neighbours(element) if _are_for_ears(node, element)), None)
        if copy is not None:
            remove(copy)
        goes_on = element.getprevious() in words and not element.getprevious().tail
        if copy is not None or goes_on or _is_drop_cap(element):
            del element.attrib["aria-hidden"]
            words.add(element)


def _neighbours(element: Any) -> Iterator[Any]:
    """Yield the elements before and after an element between which no words stand."""
    before, after = element.getprevious(), element.getnext()
    if before is not None and local_name(before) and not (before.tail or "").strip():
        yield before
    if after is not None and local_name(after) and not (element.tail or "").strip():
        yield after


def _are_for_ears(copy: Any, element: Any) -> bool:
    """Whether words beside those for eyes say the same, or are hidden by what they are called."""
    words, other_words = ("".join("".join(node.itertext()).split()) for node in (element, copy))
    is_aloud = bool(_FOR_READERS_ALOUD.search(said_of(copy))) and is_within(element, _SENTENCES)
    return (is_aloud and bool(re.search(r"\w", words))) or words == other_words != ""


def _is_drop_cap(element: Any) -> bool:
    """Whether an element is the first letter of a word."""
    rest, after = element.tail or "", element.getnext()
    rest = rest or ("" if after is None else after.xpath("string()"))
    letter = element.xpath("string()").strip()
    return len(letter) == 1 and letter.isupper() and rest[:1].isalpha()


def _is_shown(template: Any) -> bool:
    """Whether a template is the inside of the element around it (a "declarative shadow root")."""
    return any(template.get(name) for name in ("shadowrootmode", "shadowroot"))


def _drawn_words(drawing: Any) -> list[tuple[str, str]]:
    """Return the words that a drawing shows, with the reason for which they are left out; its
    titles are those of icons."""
    nodes = (node for node in drawing.iter() if local_name(node) in ("text", "foreignobject"))
    text = " ".join(" ".join(node.itertext()) for node in nodes)
    shown = drawing.makeelement("span")
    shown.text = text
    return [] if is_within(drawing, _FRAME_PARTS) else removal(shown, "drawing")


def _is_page_number(element: Any) -> bool:
    """Whether an element says where a page of the printed book begins."""
    kinds = (
        value for name, value in element.attrib.items()
        if re.search(r"(?:\A|[}:])(?:type|role)\Z", str(name))
    )  # fmt: skip
    return any("pagebreak" in value for value in kinds) and not len(element)


def _interrupts(element: Any) -> bool:
    """Whether the element stands in a sentence and is none of its words."""
    if _repeats_name(element):
        return True
    if local_name(element) == "a" and (_leads_on(element) or _leads_elsewhere(element)):
        return True
    attributes = said_of(element)
    opens = _OPENS.search(attributes)
    if local_name(element) == "button" and _opens_something(element):
        return True
    icon = element.get("aria-hidden") == "true"
    if not (opens or icon or _RELATED_LINKS.search(attributes)) or not is_within(
        element, _SENTENCES
    ):
        return False
    if icon and not re.search(r"\w", "".join(element.itertext())):
        return True
    return _is_box(element, attributes) if opens else _inside_text(element, attributes)


def _repeats_name(element: Any) -> bool:
    """Whether a part of a sentence begins with the name in the link before it, to which it is
    joined, and goes on: the card that opens over the name."""
    link = element.getprevious()
    if link is None or local_name(link) != "a" or (link.tail or "").strip():
        return False
    name, text = (" ".join("".join(node.itertext()).split()) for node in (link, element))
    is_whole_name = len(name.split()) > 1 and text.startswith(name) and len(text) > len(name)
    return (
        is_whole_name
        and local_name(element) in ("span", "div", "aside")
        and is_within(element, _SENTENCES)
    )


def _leads_on(link: Any) -> bool:
    """Whether a link behind the last sentence of a paragraph says no more than that there is
    more."""
    before, parent = link.getprevious(), link.getparent()
    text = (parent.text if before is None else before.tail) or ""
    is_last = link.getnext() is None and not re.search(r"\w", link.tail or "")
    is_behind = is_last and local_name(parent) in _SENTENCES and _SENTENCE_ENDS.search(text)
    return bool(is_behind and _LEADS_ON.fullmatch("".join(link.itertext())))


def _leads_elsewhere(link: Any) -> bool:
    """Whether a link amid other words says that it leads to another article: "Read also: ..."."""
    words = " ".join("".join(link.itertext()).split())
    block = next((node for node in link.iterancestors() if local_name(node) in _SENTENCES), None)
    return (
        block is not None
        and bool(_LABEL.match(words))
        and sure(words, "body") == "related"
        and _length(block) > _length(link) + _MOST_BRACKETS
    )


def _opens_something(button: Any) -> bool:
    """Whether a button of one or two characters opens what is no part of its sentence."""
    says_so = any(button.get(name) for name in ("aria-expanded", "aria-haspopup", "aria-controls"))
    return (
        says_so and len("".join(button.itertext()).strip()) <= 2 and is_within(button, _SENTENCES)
    )


def remove_with_brackets(element: Any) -> None:
    """Remove the element, and with it the brackets around it if nothing else is in them, or the
    space before it if a comma follows."""
    before, parent = element.getprevious(), element.getparent()
    text = (before.tail if before is not None else parent.text) or ""
    tail = element.tail or ""
    if re.search(r"[(\[]\s*$", text) and re.match(r"\s*[)\]]", tail):
        text = re.sub(r"\s*[(\[]\s*$", "", text)
        element.tail = re.sub(r"^\s*[)\]]", "", tail)
    elif re.match(r"\s*[,.;:!?]", tail):
        text = text.rstrip()
    if before is not None:
        before.tail = text
    else:
        parent.text = text
    remove(element)


def _is_box(element: Any, attributes: str) -> bool:
    """Whether this is the box that opens, and not the words that open it."""
    inner = [
        descendant for descendant in element.iterdescendants() if _OPENS.search(said_of(descendant))
    ]
    if inner:
        outside = _length(element) - _length(inner[0])
        return outside == 0 and _opener_before(element)
    if "tooltip" in (element.get("role") or "") or _BOX.search(attributes):
        return True
    # A link or a word that opens a box is a part of the sentence, however long it is.
    if local_name(element) in ("a", "button") or _OPENER.search(attributes):
        return False
    text = " ".join("".join(element.itertext()).split())
    parent = element.getparent()
    is_nested = parent is not None and bool(_OPENS.search(said_of(parent)))
    return is_nested or len(text.split()) >= 6 or text.endswith((".", "!", "?"))


def _opener_before(element: Any) -> bool:
    parent = element.getparent()
    return parent is not None and bool(_OPENS.search(said_of(parent)))


def _inside_text(element: Any, attributes: str) -> bool:
    """Whether a link to something else stands in a sentence with words outside it; one that is all
    of its block is judged later."""
    if not _RELATED_LINKS.search(attributes):
        return False
    block = next(
        ancestor for ancestor in element.iterancestors() if local_name(ancestor) in _SENTENCES
    )
    return _length(block) > _length(element)


def _length(element: Any) -> int:
    return sum(len(text.strip()) for text in element.itertext())
