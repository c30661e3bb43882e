"""Properties of scripts: which marks end sentences, and which scripts have no such marks or no
spaces."""

from __future__ import annotations

from index.text.patterns import lazy_regex

__all__ = ["ENDINGS", "is_unspaced", "reads_as_sentence", "unspaced_letters"]

# Full stops, question and exclamation marks: of Europe, East Asia, India (danda), Urdu and Arabic,
# Armenian, Ethiopic, Burmese, Khmer, Tibetan, Mongolian, Tamil and other scripts.
ENDINGS = (
    ".!?…。！？｡．\u0964\u0965\u06d4\u061f\u0589\u055c\u055e\u1362\u1367\u1368\u104a\u104b\u17d4\u17d5"
    "\u0f0d\u0f0e\u1803\u1809\u0df4\ua8ce\ua8cf\u1c7e\u1c7f\u166e"
)
_CLOSING = "”\"'’»)\\]』」"
_END = lazy_regex(rf"[{ENDINGS}][{_CLOSING}]*(?=\s|$)")
# Of Greek, whose question mark looks like a semicolon; of Korean, whose verbs end sentences.
_END_GREEK = lazy_regex(r"[\u0370-\u03ff\u1f00-\u1fff][;\u037e\u0387\u00b7](?=\s|$)")
_END_KOREAN = lazy_regex("[\uac00-\ud7a3][다요까죠](?=\\s|$)")
_END_EAST_ASIAN = lazy_regex("[。！？｡]")
# Thai, Lao, Tibetan, Burmese, Khmer, Japanese, Chinese: words are not set apart.
_UNSPACED_SCRIPT = lazy_regex("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_WITHOUT_MARKS = lazy_regex("[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff]")
_WORDS, _LETTERS, _LETTERS_WITHOUT_MARKS = 8, 12, 40


def unspaced_letters(text: str) -> int:
    """Count the letters of scripts that put no spaces between words."""
    return len(_UNSPACED_SCRIPT.findall(text))


def is_unspaced(text: str) -> bool:
    """Whether most of the text is in a script without spaces."""
    return unspaced_letters(text) * 2 > sum(char.isalpha() for char in text)


def reads_as_sentence(line: str) -> bool:
    """Whether a line holds a whole sentence: eight words and a full stop, or as much text in
    scripts without spaces, or without spaces and full stops."""
    if len(_WITHOUT_MARKS.findall(line)) >= _LETTERS_WITHOUT_MARKS:
        return True
    if _END_EAST_ASIAN.search(line) or is_unspaced(line):
        return bool(_END_EAST_ASIAN.search(line) or _END.search(line)) and len(line) >= _LETTERS
    ends = _END.search(line) or _END_GREEK.search(line) or _END_KOREAN.search(line)
    return bool(ends) and len(line.split()) >= _WORDS
