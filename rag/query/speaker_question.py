"""Recognise questions about what somebody said: whose words are asked for, or who said given words.

"What did Weir say about the bridge?" may only be answered by what Weir said, and "Who called the
bridge a disaster?" only by a sentence with the word. English only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from index.text.patterns import lazy_regex
from rag.text.english import content_stems

__all__ = ["SpeakerQuestion", "find_speaker_question"]

# "What did Weir really say?", "does the act not say?": no part of the speaker.
_ADVERB: Final = lazy_regex(
    r"\s+(?:not|never|ever|really|actually|once|also|still|only|now|again|first|last|just|later)$",
    re.IGNORECASE,
)
_DO: Final = r"(?:do|does|did|has|have|had|will|would|might|could)"
_SAYING: Final = (
    r"(?:say|said|think|thought|believe|believed|claim|claimed|argue|argued|warn|warned|reply|"
    r"replied|comment|commented|suggest|suggested|feel|felt|make of|made of|predict|predicted|"
    r"(?:tell|told)(?: (?:\w+ ){0,2}?\w+(?= (?:about|of|on|in|when|after)\b|\s*\?*$))?)"
)
_SPEAKER: Final = r"(?P<speaker>(?:the |an? |his |her |its )?\S.*?)"
_SUBJECT: Final = (
    r"(?P<subject>\s+(?:about|on|of|to|regarding|concerning|in|when|after|at|before|during)\s+.+?)?"
)
_WHAT_SAY: Final = lazy_regex(
    rf"^(?:and |so )?what (?:else )?{_DO} {_SPEAKER} {_SAYING}{_SUBJECT}\s*\?*$", re.IGNORECASE
)
# "When did Weir say the bridge would open?", "Did Weir say that ...?"
_STATEMENT: Final = lazy_regex(
    r"^(?:(?P<asked>(?:when|where|how|why|who|what|which)\b[^?]*?)\s)?"
    rf"(?:(?:do|does|did) {_SPEAKER} "
    # "Does age predict disability?", "Why did she argue about it?" ask for no statement.
    r"(?:say|think|believe|argue|(?:claim|warn|predict)(?= that\b| .*\b(?:will|would)\b))|"
    rf"(?:has|have|had) {_SPEAKER.replace('speaker', 'who')} (?:said|argued))"
    r"(?! (?:about|against|for|in|of|on|over|to|with)\b)(?: that)? (?P<subject>\S.*?)\s*\?*$",
    re.IGNORECASE,
)
# What somebody is said to have: "in Weir's view", "the judge's verdict on it".
_UTTERANCE: Final = (
    r"(?:view|opinion|position|stance|reaction|response|reply|answer|comment|verdict|statement|"
    r"advice|judge?ment|assessment|account|report|explanation|criticism|argument|reasoning)s?"
)
_ACCORDING: Final = lazy_regex(
    r"^according to (?P<speaker>[^,?]+), (?P<subject>[^?]+)\?*$|"
    r"^(?P<before>[^?]+?),? according to (?P<last>[^,?]+)\?*$",
    re.IGNORECASE,
)
_IN_VIEW: Final = lazy_regex(
    rf"^(?:in|from) (?P<speaker>[^,?]+?)['’]s? (?:own )?{_UTTERANCE},? (?P<subject>[^?]+)\?*$|"
    rf"^(?:in|from) the {_UTTERANCE} of (?P<of>[^,?]+), (?P<of_subject>[^?]+)\?*$|"
    rf"^(?P<before>[^?]+?),? in (?P<last>[^,?]+?)['’]s? (?:own )?{_UTTERANCE}\?*$",
    re.IGNORECASE,
)
_NOBODYS: Final = lazy_regex(rf"(?:his|her|its|their) (?:own )?{_UTTERANCE}$", re.IGNORECASE)
_OWN_UTTERANCE: Final = lazy_regex(rf"['’]s? (?:own )?{_UTTERANCE}$", re.IGNORECASE)
# "How did the market react?" asks for no words, so nothing is believed less.
_HOW_REACT: Final = lazy_regex(
    rf"^how {_DO} {_SPEAKER} (?:react|respond|reply|answer)(?:ed)?(?P<subject> .*?)?\?*$",
    re.IGNORECASE,
)
_HOW_COMMENT: Final = lazy_regex(
    rf"^how {_DO} {_SPEAKER} (?:describe|described|comment|commented|justify|justified)\b"
    r"(?P<subject>.*?)\?*$",
    re.IGNORECASE,
)
_VIEW: Final = lazy_regex(
    # "What is a dog's response to a stimulus called?" asks for a word.
    rf"^what(?: (?:is|was|were|are)|['’]s)(?!.* (?:called|named|known as|termed)\?*$) "
    rf"(?:(?P<whose>\S.*?)['’]s? |the ){_UTTERANCE}"
    r"(?: of (?P<of>(?:the )?\S.*?))?(?P<subject> (?:on|about|to|regarding) .+?)?\?*$",
    re.IGNORECASE,
)
_WHO_CALLED: Final = lazy_regex(
    r"^who (?:has |had )?(?:called(?! (?:for|in|off|on|out|up|upon)\b)|described|branded|labelled|"
    r"dubbed|compared) .+? (?P<words>[\"“‘'].+|as .+?|(?:to )?an? .+?)\?*$",
    re.IGNORECASE,
)
_WHO_SAID: Final = lazy_regex(
    r"^who (?:has |had )?(?:said|says|claimed|claims|argued|argues|warned|warns|told|thinks|"
    r"believes)\b",
    re.IGNORECASE,
)
_ABOUT: Final = lazy_regex(r"^(?:of|on|to|regarding|concerning) ", re.IGNORECASE)
_PRONOUN: Final = lazy_regex(
    r"(?:he|she|they|it|you|i|we|one|not|people|anyone|someone)$|(?:what|which|whose|who|whom|if)\b|"
    r"it mean\b",
    re.IGNORECASE,
)
# What is said to say something, and is not quoted as people are: "according to the census". Nor is
# what is called a position or a response always said. Where no words are asked for, nothing is
# believed less.
_IMPERSONAL: Final = lazy_regex(
    r"\b(?:accounts?|agreement|bible|bill|book|budget|calculations?|calendar|census|charter|charts?|code|"
    r"constitution|contract|counts?|data|definition|documents?|estimates?|evidence|figures|findings|"
    r"forecasts?|guidelines?|laws?|legends?|legislation|letter|lists?|maps?|measurements?|message|numbers|"
    r"plans?|polls?|polic(?:y|ies)|projections?|rankings?|records?|regulations?|reports?|results|rules?|"
    r"schedule|scripture|sign|standards?|statistics|stud(?:y|ies)|surveys?|tables?|tall(?:y|ies)|"
    r"tests?|theor(?:y|ies)|timetables?|tradition|"
    r"treaty|trial)$|\b(?:article|section|chapter|clause) \d+\w*$",
    re.IGNORECASE,
)
_PERHAPS_SAID: Final = lazy_regex(
    r"\b(?:account|answer|position|reaction|reply|response)s?\b", re.I
)
# What the library holds says nothing by itself: "what does each article say about the bridge?".
_DOCUMENTS: Final = lazy_regex(
    r"(?:.+ )?(?:articles?|stor(?:y|ies)|pieces?|coverage)$|the (?:author|writer|reviewer)$|"
    r"(?:(?:the|this|that|these|those|each|every|both|all|any|either|my|your|our|of|two|three) )*"
    r"(?:sources?|texts?|documents?|passages?|news)$",
    re.IGNORECASE,
)
_VERB: Final = lazy_regex(r"\b(?:is|are|was|were|has|have|had|do|does|did)\b", re.IGNORECASE)
_LONGEST_SPEAKER: Final = 8


@dataclass(frozen=True, slots=True)
class SpeakerQuestion:
    """The speaker asked about (empty where the question asks who it is), the subject ("about ...",
    or what was said), and the stems of words that have to be the speaker's.

    ``wording``: what to ask of the speaker's own sentences, in place of the question.
    ``is_certain``: whether words are asked for, and not perhaps what somebody did.
    """

    speaker: str
    subject: str = ""
    words: frozenset[str] = frozenset()
    wording: str = ""
    is_certain: bool = True

    @property
    def asks_about(self) -> bool:
        """Whether what somebody said about a subject is asked for, and nothing more."""
        is_plain = bool(self.speaker) and self.is_certain and not self.wording
        return is_plain and self.subject.startswith("about ")


def find_speaker_question(question: str) -> SpeakerQuestion | None:
    """Find whose words a question asks for; ``None`` where it asks for something else.

    question: standalone.
    """
    text = " ".join(question.split())
    if match := _WHO_CALLED.match(text):
        return SpeakerQuestion("", words=frozenset(content_stems(match["words"])))
    if match := _WHO_SAID.match(text):
        return SpeakerQuestion("", text[match.end() :].strip(" ?"))
    for pattern in (_WHAT_SAY, _HOW_COMMENT):
        if match := pattern.match(text):
            return _of_speaker(match["speaker"], match["subject"])
    if match := _STATEMENT.match(text):
        statement = _of_speaker(match["speaker"] or match["who"], match["subject"])
        # "What does Weir think can be saved?" asks "What can be saved?" of what Weir says.
        wording = f"{match['asked']} {match['subject']}?" if match["asked"] else ""
        return _with_wording(statement, wording) if wording else statement
    for pattern in (_ACCORDING, _IN_VIEW):
        if match := pattern.match(text):
            groups = match.groupdict()
            subject = match["subject"] or groups.get("of_subject") or match["before"]
            speaker = match["speaker"] or groups.get("of") or match["last"]
            return _with_wording(_of_speaker(speaker, subject), f"{subject}?")
    if match := _VIEW.match(text):
        subject = match["subject"] or (match["of"] and match["whose"] and f"on {match['of']}")
        target = _say_wording(_of_speaker(match["whose"] or match["of"] or "", subject))
        is_certain = _PERHAPS_SAID.search(text[: match.start("subject")]) is None
        return target and replace(target, is_certain=target.is_certain and is_certain)
    if match := _HOW_REACT.match(text):
        target = _of_speaker(match["speaker"], match["subject"])
        return _say_wording(replace(target, is_certain=False)) if target else None
    return None


def _with_wording(target: SpeakerQuestion | None, wording: str) -> SpeakerQuestion | None:
    wording = f"{wording[0].upper()}{wording[1:]}"
    return replace(target, wording=wording) if target else None


def _say_wording(target: SpeakerQuestion | None) -> SpeakerQuestion | None:
    """Ask what somebody said, where their view of something is asked for."""
    if target is None or not target.subject:
        return target
    return _with_wording(target, f"What did {target.speaker} say {target.subject}?")


def _of_speaker(speaker: str, subject: str | None) -> SpeakerQuestion | None:
    speaker = _ADVERB.sub("", _OWN_UTTERANCE.sub("", speaker))
    nobody = (_PRONOUN.match, _NOBODYS.match, _DOCUMENTS.match, _VERB.search)
    is_long = len(speaker.split()) > _LONGEST_SPEAKER
    if not speaker or is_long or any(test(speaker) for test in nobody):
        return None
    about = _ABOUT.sub("about ", (subject or "").strip())
    return SpeakerQuestion(speaker, about, is_certain=not _IMPERSONAL.search(speaker))
