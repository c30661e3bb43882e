"""Recognise small talk, which is no question to the articles: "thanks", "help", "what's new?".

Only whole utterances count, so that no question about help or news is taken for one. English only.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from index.text.patterns import lazy_regex

__all__ = ["NEWS_HEADING", "REPLIES", "SmallTalk", "find_small_talk"]

SmallTalk = Literal["thanks", "greeting", "help", "news"]

NEWS_HEADING: Final = "The newest articles:"
REPLIES: Final[dict[SmallTalk, str]] = {
    "thanks": "You are welcome.",
    "greeting": "Hello. Ask a question, and the articles answer.",
    "help": (
        "Ask a question in plain words: the articles answer in their own, with sources, or it is "
        "said that they do not. “Tell me about ...” sums up, “What's new?” tells the newest "
        "articles, “Why?” asks on, and a follow-up may say “it” or “they”."
    ),
}
_END: Final = r"[\s.!?,]*$"
_WORDS: Final[dict[SmallTalk, str]] = {
    "thanks": (
        r"(?:ok(?:ay)?,? |great,? |good,? )?(?:many )?(?:thanks|thank you|thx|cheers)"
        r"(?: (?:a lot|very much|so much|for (?:that|this|your help)))?|great|ok(?:ay)?|got it"
    ),
    "greeting": r"hello|hi|hey|good (?:morning|afternoon|evening)",
    "help": r"help(?: me)?|what can (?:you do|i ask)|how (?:do i use this|does this work)",
    "news": (
        r"what(?:'s|’s|s| is) (?:new|the (?:latest|news)|happening|going on)(?: today)?|any news|"
        r"(?:the )?latest news|what happened today|"
        r"(?:show|list)(?: me)? the (?:newest|latest) articles"
    ),
}
_UTTERANCES: Final = {
    kind: lazy_regex(rf"^(?:{words}){_END}", re.IGNORECASE) for kind, words in _WORDS.items()
}


def find_small_talk(text: str) -> SmallTalk | None:
    """Classify an utterance as small talk; ``None`` for a question."""
    plain = " ".join(text.split())
    return next((kind for kind, words in _UTTERANCES.items() if words.match(plain)), None)
