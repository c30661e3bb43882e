"""Answer questions about who said what, by sentences that are attributed as the question asks.

A reader takes a sentence on the subject for an answer whoever says it. Where none of what it quotes
is said by the person asked for, it reads again only sentences that are. What is theirs and has a
word of the subject is believed more; where nothing is, what the reader quotes is believed less, by
how often the attribution is wrong, and the silence that mostly follows can name what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from index.article import Article, Passage, Span
from index.logistic import scale_odds
from index.snapshot import Found, View
from rag.evidence import Evidence, Reading
from rag.facts.attribution import Attribution, attribute, find_voice, is_voiced
from rag.query.speaker_question import SpeakerQuestion
from rag.text.article_sentences import article_sentences
from rag.text.english import content_stems, stem, words

__all__ = ["VoiceReading", "keep_attributed", "read_voices", "with_claim"]

# What stands beside a sentence may carry the words that somebody is asked to have used.
_BESIDE: Final = 1
_MOST_LEADS: Final = 3
# Of the words that somebody is asked to have said, for the sentence that says so.
_SHARE_OF_CLAIM: Final = 0.5
# By how much the odds that a sentence answers fall with its attribution: how often it is called so
# where it answers, against where it does not (python -m eval.studies.speakers). Who is described
# ("the judge") is recognised less often than who is named. Of a name half as much is left as was
# measured: another's words are a worse answer than none.
_NAMED_ODDS: Final[Mapping[Attribution, float]] = {"unknown": 0.9, "other": 0.1, "nobody": 0.1}
_DESCRIBED_ODDS: Final[Mapping[Attribution, float]] = {"other": 0.6, "nobody": 0.5}
# Of questions without a speaker: "who said that ...?", "who called it a disaster?".
_VOICED_ODDS: Final[Mapping[Attribution, float]] = {"unknown": 0.6, "nobody": 0.06}
_WORDS_ODDS: Final[Mapping[Attribution, float]] = {"unknown": 0.6, "nobody": 0.0}
# By how much they rise of what is theirs and has a word of what "What did Weir say about ...?" asks
# for: half of how much oftener there is such a sentence where the question is answered (61 of 108)
# than where it is not (4 of 184; docs/evaluation.md).
_ON_SUBJECT_ODDS: Final = 13.0
# A silence has less than the confidence of an answer.
_BELOW: Final = 0.99


@dataclass(frozen=True, slots=True)
class VoiceReading:
    """A reading of attributed sentences; of others with a lower confidence, without evidence where
    that is too low.

    ``is_silent``: no passage has a statement by the person asked for with a word of the subject in
    it or beside it. ``statements``: where nothing answers, what they do say, to show as leads.
    """

    reading: Reading
    is_silent: bool = False
    statements: tuple[Evidence, ...] = ()


def read_voices(
    view: View,
    asked_words: SpeakerQuestion,
    reading: Reading,
    passages: Sequence[Found],
    read: Callable[[Sequence[Found]], Reading],
    threshold: float,
) -> VoiceReading:
    """Keep, of a reading, the sentences that are attributed as the question asks.

    view: the state of the library.
    asked_words: whose words, or which, are asked for.
    reading: of all that was read.
    passages: what was retrieved, best first.
    read: reads passages of the speaker's own sentences.
    threshold: the confidence from which a reading answers.
    """
    voices = _Voices(view, asked_words)
    # Read alone, what somebody said of another matter looks like an answer: it has to have a word
    # of the subject.
    readings = [reading]
    is_asked: list[Callable[[Evidence], bool]] = [voices.has, voices.is_on_subject]
    is_enough = reading.confidence >= threshold and any(map(voices.has, reading.evidence))
    if asked_words.speaker and not is_enough:
        hits = [narrow for hit in passages if (narrow := voices.narrow(hit))]
        readings += [read(hits)] if hits else []
    for candidate, is_kept in zip(readings, is_asked, strict=False):
        selection = voices.keep(candidate, is_kept)
        if selection.evidence and selection.confidence >= threshold:
            return VoiceReading(selection)
    on_subject = map(voices.raise_on_subject, readings) if asked_words.asks_about else ()
    if answers := [item for item in on_subject if item.confidence >= threshold]:
        return VoiceReading(answers[0])
    if not asked_words.is_certain:
        return VoiceReading(reading)
    beliefs = [
        replace(item, score=voices.belief(item, reading.confidence)) for item in reading.evidence
    ]
    beliefs.sort(key=lambda item: -item.score)
    if beliefs and beliefs[0].score >= threshold:
        evidence = tuple(item for item in beliefs if item.score >= threshold)
        return VoiceReading(replace(reading, evidence=evidence, confidence=evidence[0].score))
    confidence = min(reading.confidence, threshold * _BELOW)
    nearest = tuple(
        item for candidate in readings for item in candidate.nearest if voices.has(item)
    )
    silent = replace(reading, evidence=(), confidence=confidence, nearest=nearest[:_MOST_LEADS])
    return _silence(voices, asked_words, silent, passages)


def _silence(
    voices: _Voices, asked_words: SpeakerQuestion, silent: Reading, passages: Sequence[Found]
) -> VoiceReading:
    """Add to a reading that does not answer what is known of the speaker's statements."""
    if not asked_words.speaker:
        return VoiceReading(silent)
    is_silent = not any(map(voices.touches_subject, passages))
    statements = sorted(
        voices.statements(passages), key=lambda item: not voices.is_on_subject(item)
    )
    leads = tuple(replace(item, score=silent.confidence) for item in statements[:_MOST_LEADS])
    return VoiceReading(silent, is_silent, leads)


def with_claim(view: View, asked_words: SpeakerQuestion, reading: Reading) -> Reading:
    """Add, to a sentence that names who said something, the one beside it that says it: who said
    that anchors fall is told by "Weir said he had no evidence. “Anchors fall.”"."""
    claim = set() if asked_words.speaker else content_stems(asked_words.subject)
    best = reading.evidence[0] if reading.evidence else None
    if best is None or not claim or _has_claim(claim, _text(best)):
        return reading
    text, sentences = best.article.text, article_sentences(view, best.article.id)
    if best.sentence not in sentences:
        return reading
    at = sentences.index(best.sentence)
    beside = [
        span
        for span in sentences[max(at - _BESIDE, 0) : at + _BESIDE + 1]
        if "\n" not in text[min(span.end, best.sentence.end) : max(span.start, best.sentence.start)]
        and _has_claim(claim, span.of(text))
    ]
    statements = tuple(replace(best, sentence=span, highlight=span, also_in=()) for span in beside)
    return replace(reading, evidence=(*reading.evidence, *statements))


def keep_attributed(view: View, asked_words: SpeakerQuestion, reading: Reading) -> Reading:
    """Keep, of a reading, the sentences that are attributed as the question asks."""
    voices = _Voices(view, asked_words)
    return voices.keep(reading, voices.has)


class _Voices:
    """Tests whether sentences are attributed as a question asks."""

    def __init__(self, view: View, asked_words: SpeakerQuestion) -> None:
        self._view = view
        self._target = asked_words
        self._sentences: dict[str, list[Span]] = {}
        self._subject = content_stems(asked_words.subject)
        if asked_words.speaker:
            is_named = any(word[0].isupper() for word in asked_words.speaker.split())
            self._odds = _NAMED_ODDS if is_named else _DESCRIBED_ODDS
        else:
            self._odds = _WORDS_ODDS if asked_words.words else _VOICED_ODDS

    def has(self, evidence: Evidence) -> bool:
        return self._attribution(evidence.article, evidence.sentence) == "asked"

    def keep(self, reading: Reading, is_kept: Callable[[Evidence], bool]) -> Reading:
        """Keep a part of the evidence; the confidence is that of the best that is left."""
        evidence = tuple(filter(is_kept, reading.evidence))
        confidence = min(reading.confidence, evidence[0].score) if evidence else 0.0
        return replace(reading, evidence=evidence, confidence=confidence)

    def belief(self, evidence: Evidence, confidence: float) -> float:
        """Return the probability that a sentence answers, by its attribution and what the reader's
        ``confidence`` is in it."""
        attribution = self._attribution(evidence.article, evidence.sentence)
        return scale_odds(confidence, self._odds.get(attribution, 1.0))

    def narrow(self, hit: Found) -> Found | None:
        """Return a passage with only the sentences that are attributed as asked; ``None`` without
        any."""
        spans = [
            span
            for span in hit.passage.sentences
            if self._attribution(hit.article, span) == "asked"
        ]
        if not spans:
            return None
        span = Span(spans[0].start, spans[-1].end)
        passage: Passage = replace(hit.passage, span=span, sentences=tuple(spans))
        return Found(hit.article, passage)

    def is_on_subject(self, evidence: Evidence) -> bool:
        """Whether a sentence is attributed as asked and has a word of the subject in it, beside it
        or in its title."""
        if not self.has(evidence):
            return False
        article = evidence.article
        sentences = self._sentences[article.id]
        at = sentences.index(evidence.sentence)
        nearby = sentences[max(at - _BESIDE, 0) : at + _BESIDE + 1]
        stems = _stems(article.text, nearby) | {stem(word) for word in words(article.title)}
        return not self._subject or bool(self._subject & stems)

    def raise_on_subject(self, reading: Reading) -> Reading:
        """Keep, of a reading, what is theirs and has a word of the subject, and believe it more."""
        selection = self.keep(reading, self._speaks_of_subject)
        confidence = scale_odds(selection.confidence, _ON_SUBJECT_ODDS)
        return replace(selection, confidence=confidence)

    def _speaks_of_subject(self, evidence: Evidence) -> bool:
        """Whether a sentence is attributed as asked and has itself a word of the subject."""
        subject = self._subject - content_stems(self._target.speaker)
        return bool(subject & content_stems(_text(evidence))) and self.has(evidence)

    def touches_subject(self, hit: Found) -> bool:
        """Whether a passage has a statement attributed as asked, with a word of the subject in or
        beside it."""
        sentences, text = hit.passage.sentences, hit.article.text
        for at, span in enumerate(sentences):
            if self._attribution(hit.article, span) == "asked":
                nearby = sentences[max(at - _BESIDE, 0) : at + _BESIDE + 1]
                if not self._subject or self._subject & _stems(text, nearby):
                    return True
        return False

    def statements(self, passages: Sequence[Found]) -> Iterator[Evidence]:
        """Yield the sentences of passages that are attributed as asked, each once: only those that
        name the one asked for in full, or are nothing but a quotation beside such a sentence. A
        surname or a "she" may be somebody else's."""
        if not self._target.speaker[:1].isupper():
            return
        places = {(hit.article.id, span): hit for hit in passages for span in hit.passage.sentences}
        for (_, span), hit in places.items():
            if self._attribution(hit.article, span) == "asked" and self._is_named(hit, span):
                yield Evidence(hit.article, span, span, 0.0)

    def _is_named(self, hit: Found, span: Span) -> bool:
        """Whether a sentence, or for a bare quotation the one that says who speaks, has all words
        of the speaker's name."""
        text, sentences = hit.article.text, self._sentences[hit.article.id]
        at = sentences.index(span)
        voice = find_voice(text, sentences, at)
        naming = sentences[at if voice is None else voice].of(text)
        return set(words(self._target.speaker)) <= set(words(naming))

    def _attribution(self, article: Article, span: Span) -> Attribution:
        """Return how a sentence is attributed; to nobody where it lacks the words asked for."""
        sentences = self._sentences.get(article.id)
        if sentences is None:
            sentences = article_sentences(self._view, article.id)
            self._sentences[article.id] = sentences
        if span not in sentences:
            return "unknown"
        at, text = sentences.index(span), article.text
        if self._target.speaker:
            speaker, author = self._target.speaker, article.author
            return attribute(speaker, text, sentences, at, author)
        if not self._target.words:
            return "asked" if is_voiced(text, sentences, at) else "nobody"
        nearby = sentences[max(at - _BESIDE, 0) : at + _BESIDE + 1]
        return "asked" if self._target.words <= _stems(text, nearby) else "nobody"


def _has_claim(claim: set[str], sentence: str) -> bool:
    return len(claim & content_stems(sentence)) >= len(claim) * _SHARE_OF_CLAIM


def _text(evidence: Evidence) -> str:
    return evidence.sentence.of(evidence.article.text)


def _stems(text: str, spans: Sequence[Span]) -> set[str]:
    return {stem(word) for span in spans for word in words(span.of(text))}
