"""Recognise requests for all about a topic: "summarise X", "tell me about X", "any news on X?".

English only.
"""

from __future__ import annotations

import re
from typing import Final

from index.text.patterns import lazy_regex

__all__ = ["asks_for_news", "find_change_topic", "find_timeline_topic", "find_topic",
           "topic_question", "topic_words"]  # fmt: skip

_REQUEST: Final = lazy_regex(
    r"^(?:please |can you |could you |would you )*(?P<form>"
    r"summari[sz]e|sum up|"
    r"(?:give|write|show)(?: me)? (?:an? )?(?:short |brief )?(?:summary|overview) (?:of|on|about)|"
    r"tell(?: me)? (?:more |something |all |everything |a bit |what you know )?about|"
    r"what (?:is|do we|do you) know[n]?(?: so far)? about|what is there (?:on|about)|"
    r"what (?:do|does) (?:the|these|those|each|both|all|my|our) (?:of the )?(?:the |two |three )?"
    r"(?:articles?|stor(?:y|ies)|sources?|news|papers?) (?:say|tell|have|report|write) "
    r"(?:about|on|of)(?! (?:how|why|what|who|whom|whose|which|when|where|whether|if)\b)|"
    r"what(?:['’]?s| is) the story (?:with|of|about|on|behind)|"
    r"what(?:['’]?s| is) (?:new (?:about|on|with|in|at|from)|(?:going on|happening) with)|"
    r"(?:(?:what(?:['’]?s| is| are)|is there|are there|give me|show me) )?(?:any |the )?"
    r"(?:latest|(?:latest |recent )?(?:news|updates?|developments?)) (?:on|about|with|regarding)|"
    r"(?:bring|get) me up to date (?:on|about|with)|(?:update|brief) me (?:on|about)|"
    r"(?:fill me in|catch me up) on|"
    r"(?:(?:give me|what are) )?(?:the )?(?:gist|highlights|(?:main|key) (?:points|facts)) "
    r"(?:of|in|about|on)"
    r")(?: (?P<topic>.+?))?(?:,? please)?[\s.?!]*$",
    re.IGNORECASE,
)
_NEWS: Final = lazy_regex(r"\b(?:new|news|latest|recent|updates?|developments?|up to date)\b", re.I)
_ARTICLE: Final = lazy_regex(
    r"^(?:the |this |that |these |all )?(?:latest |whole |recent )?"
    r"(?:articles?|stor(?:y|ies)|news|reports?|coverage|case)(?: (?:about|on|of|in|from))?(?: |$)",
    re.IGNORECASE,
)
# "the Nvidia article" names its topic first.
_TOPIC_ARTICLE: Final = lazy_regex(
    r"^(?:the |this |that |these |all )?(?:latest |whole |recent )?"
    r"(?P<topic>\S.*?) (?:articles?|stor(?:y|ies)|reports?|coverage)$",
    re.IGNORECASE,
)
_QUESTION: Final = lazy_regex(
    r"\?\s*$|^(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|"
    r"had|can|could|will|would|should)\b",
    re.IGNORECASE,
)

_TIMELINE: Final = lazy_regex(
    r"^(?:please |can you |could you |would you )*"
    r"(?:(?:give|write|show|make|draw up|put together)(?: me)? (?:an? |the )?|an? )?"
    r"(?:short |brief )?(?:time ?line|chronology) (?:of|on|for|about) "
    r"(?P<topic>.+?)(?:,? please)?[\s.?!]*$",
    re.IGNORECASE,
)
_CHANGES: Final = lazy_regex(
    r"^(?:and |so )?what(?:['’]s| is| has| have|)(?: since)? (?:changed|different)"
    r"(?: since [^?]+?)? (?:in|about|with|on|at|for) (?P<topic>.+?)(?: since .+)?[\s.?!]*$",
    re.IGNORECASE,
)


def find_change_topic(question: str) -> str | None:
    """Find the topic of "What has changed in the merger?"; ``None`` where something else is
    asked."""
    match = _CHANGES.match(question)
    return match["topic"] if match else None


def find_timeline_topic(question: str) -> str | None:
    """Find the topic of a request such as "timeline of the bridge's cost"; ``None`` where
    something else is asked."""
    match = _TIMELINE.match(question)
    return match["topic"] if match else None


def find_topic(question: str) -> str | None:
    """Find the topic that a question asks to be told about, without words such as "articles".

    Empty where only such words are named, ``None`` where something else is asked.
    """
    match = _REQUEST.match(question)
    if match is None:
        return None
    topic = _ARTICLE.sub("", match["topic"] or "").strip()
    before = _TOPIC_ARTICLE.match(topic)
    return before["topic"] if before else topic


def asks_for_news(question: str) -> bool:
    """Whether a request about a topic asks for the newest of it: "what's new with X?"."""
    match = _REQUEST.match(question)
    if match is None:
        return False
    article = _ARTICLE.match(match["topic"] or "")
    return bool(_NEWS.search(match["form"]) or (article and _NEWS.search(article.group())))


def topic_words(question: str) -> str | None:
    """Return the topic of a request for a timeline; ``None`` where a question is asked."""
    topic = find_topic(question)
    if topic is not None:
        return topic
    return None if _QUESTION.search(question) else question


def topic_question(topic: str) -> str:
    """Turn a topic into a question for the reader."""
    return f"What happened with {topic}?" if topic else "What happened?"
