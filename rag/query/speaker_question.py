"""Recognise questions about what somebody said: whose words are asked for, or who said given words.

"What did Weir say about the bridge?" may only be answered by what Weir said, and "Who called the
bridge a disaster?" only by a sentence with the word. English only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rag.text.english import is_function_word, stem, words

__all__ = ["SpeakerQuestion", "find_speaker_question"]

_DO: Final = r"(?:do|does|did|has|have|had|will|would|might|could)"
_SAYING: Final = (
    r"(?:say|said|think|thought|believe|believed|claim|claimed|argue|argued|warn|warned|reply|"
    r"replied|comment|commented|suggest|suggested|feel|felt|make of|made of|predict|predicted|"
    r"(?:tell|told)(?: (?:\w+ ){0,2}?\w+(?= (?:about|of|on|in|when|after)\b|\s*\?*$))?)"
)
_SPEAKER: Final = r"(?P<speaker>(?:the |an? |his |her |its )?\S.*?)"
_SUBJECT: Final = r"(?P<subject>\s+(?:about|on|of|to|regarding|concerning|in|when|after)\s+.+?)?"
_WHAT_SAY: Final = re.compile(
    rf"^(?:and |so )?what (?:else )?{_DO} {_SPEAKER} {_SAYING}{_SUBJECT}\s*\?*$", re.IGNORECASE
)
# "When did Weir say the bridge would open?", "Did Weir say that ...?"
_STATEMENT: Final = re.compile(
    rf"^(?:(?:when|where|how|why|who|what|which)\b[^?]*?\s)?(?:(?:do|does|did) {_SPEAKER} "
    r"(?:say|claim(?= that\b)|argue|warn|think|believe|predict)|"
    rf"(?:has|have|had) {_SPEAKER.replace('speaker', 'who')} (?:said|argued|warned))"
    r"(?: that)? (?P<subject>\S.*?)\s*\?*$",
    re.IGNORECASE,
)
_ACCORDING: Final = re.compile(
    r"^according to (?P<speaker>[^,?]+), (?P<subject>[^?]+)\?*$|"
    r"^(?P<before>[^?]+?),? according to (?P<last>[^,?]+)\?*$",
    re.IGNORECASE,
)
_HOW_COMMENT: Final = re.compile(
    rf"^how {_DO} {_SPEAKER} (?:describe|described|comment|commented|justify|justified)\b"
    r"(?P<subject>.*?)\?*$",
    re.IGNORECASE,
)
_VIEW: Final = re.compile(
    r"^what (?:is|was|were|are) (?:(?P<whose>\S.*?)['’]s? |the )"
    r"(?:view|views|opinion|position|stance|reaction|response|comment|verdict)"
    r"(?: of (?P<of>(?:the )?\S.*?))?(?P<subject> (?:on|about|to|regarding) .+?)?\?*$",
    re.IGNORECASE,
)
_WHO_CALLED: Final = re.compile(
    r"^who (?:has |had )?(?:called|described|branded|labelled|dubbed|compared) .+? "
    r"(?P<words>[\"“‘'].+|(?:as |to )?an? .+?)\?*$",
    re.IGNORECASE,
)
_WHO_SAID: Final = re.compile(
    r"^who (?:has |had )?(?:said|says|claimed|claims|argued|argues|warned|warns|told|thinks|"
    r"believes)\b",
    re.IGNORECASE,
)
_ABOUT: Final = re.compile(r"^(?:of|on|to|regarding|concerning) ", re.IGNORECASE)
_PRONOUN: Final = re.compile(r"(?:he|she|they|it|you|i|we|people|anyone|someone)$", re.IGNORECASE)
_LONGEST_SPEAKER: Final = 8


@dataclass(frozen=True, slots=True)
class SpeakerQuestion:
    """The speaker asked about (empty where the question asks who it is), the subject ("about ..."),
    and the stems of words that have to be the speaker's."""

    speaker: str
    subject: str = ""
    words: frozenset[str] = frozenset()


def find_speaker_question(question: str) -> SpeakerQuestion | None:
    """Find whose words a question asks for; ``None`` where it asks for something else.

    question: standalone.
    """
    text = " ".join(question.split())
    if match := _WHO_CALLED.match(text):
        stems = {stem(word) for word in words(match["words"]) if not is_function_word(word)}
        return SpeakerQuestion("", words=frozenset(stems))
    if _WHO_SAID.match(text):
        return SpeakerQuestion("")
    for pattern in (_WHAT_SAY, _HOW_COMMENT):
        if match := pattern.match(text):
            return _of_speaker(match["speaker"], match["subject"])
    if match := _STATEMENT.match(text):
        return _of_speaker(match["speaker"] or match["who"], match["subject"])
    if match := _ACCORDING.match(text):
        subject = match["subject"] or match["before"]
        return _of_speaker(match["speaker"] or match["last"], subject)
    if match := _VIEW.match(text):
        return _of_speaker(match["whose"] or match["of"] or "", match["subject"])
    return None


def _of_speaker(speaker: str, subject: str | None) -> SpeakerQuestion | None:
    if not speaker or _PRONOUN.match(speaker) or len(speaker.split()) > _LONGEST_SPEAKER:
        return None
    return SpeakerQuestion(speaker, _ABOUT.sub("about ", (subject or "").strip()))
