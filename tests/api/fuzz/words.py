"""What is fuzzed of words: questions as people ask them with anything in between, texts of articles
on the way to passages, and what a chat model writes on the way to an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from pydantic import ValidationError

from api.suggestions.question_forms import candidates
from index.article import Article
from index.filters import Filters
from index.ingest.preparation import page_day
from index.load.plain.text_tables import write_text_tables
from index.settings import PassageSettings
from index.text.language import language_of
from index.text.line_joining import clean_prose, unwrap
from index.text.normalise import clean
from index.text.passages import cut_passages
from index.text.sentences import sentences
from rag.chat.base import Piece
from rag.chat.surrogates import join_surrogates
from rag.citing.interviews import is_question_line, needs_question
from rag.errors import QuestionError
from rag.facts.dates import days
from rag.facts.designations import designations
from rag.facts.names import names
from rag.facts.polarity import find_polarity
from rag.facts.quantities import amounts
from rag.facts.saying import speakers
from rag.grounding.ordered import orders_to_say
from rag.query.asked_state import ask_within_period, find_asked_state, without_state_words
from rag.query.comparison import ask_each_side
from rag.query.filter_hints import publisher_hint
from rag.query.follow_up import concatenate_turns, names_something, refers_back
from rag.query.list_question import is_count_question, is_list_question
from rag.query.planner import plan_question
from rag.query.small_talk import find_small_talk
from rag.query.speaker_question import find_speaker_question
from rag.query.spelling import find_misspellings
from rag.query.time_expressions import find_time_words, narrow_filters
from rag.query.topic import find_topic
from rag.query.why import ask_why
from rag.question import Turn
from rag.text.injection import (
    carries_model_marks,
    find_forged_messages,
    normalise_lookalikes,
    remove_invisible,
)
from rag.text.markup import ends_in_marker, strip_markup
from tests.api.fuzz.target import Target
from tests.api.fuzz.targets import TODAY, texts
from tests.chat import Scripted
from tests.rag.writing import FACTS, HEIGHT, library

__all__ = ["WORDS", "questions", "written_targets"]

_ASKED = """Who What When Where Why How many much did does is are was were which the of in on by
than and or compare between Acme Westmark Anna Weiss's say said about last week since 2025 March 3
first latest now still before after Caption: Image: all list every both it they that ? , . “ ” ' - %
$5 kg"""
_TOLD = """The harbour tower Lunden Anna Weiss is was not never said that according to 74 metres
million three hundred and €5 $2.5bn 10% 3 March 2025 on Tuesday Mr. Dr. U.S. flight AB12 No. 4 1/2 -
— “ ” . ? ! Caption: Image: | [1] [2,3] ** # <b> ¹ ² 10¹ ½ e.g. May. 5p.m. EST. 中文。 ไทย"""


def spoken(words: list[str]) -> st.SearchStrategy[str]:
    """Words of these and anything else, mostly with a space between."""
    gap = st.sampled_from([" ", " ", " ", "", "\u00a0"])
    part = st.sampled_from(words) | st.sampled_from(words) | texts
    return st.lists(st.tuples(part, gap).map("".join), max_size=14).map("".join)


questions = spoken(_ASKED.split())
prose = spoken([*_TOLD.split(), "\n", "\n\n", "\t"])


def _question(given: tuple[str, str]) -> None:
    question, before = given
    words = find_time_words(question, TODAY)
    narrow_filters(Filters(), words)
    find_asked_state(question, words)
    without_state_words(question, words)
    ask_within_period(question, words)
    for part in (*ask_each_side(question), *plan_question(question)):
        assert part.strip()
    turn = Turn(role="user", content=f"{before[:1_000].encode(errors='replace').decode()}?")
    concatenate_turns(question, [turn])
    ask_why(question, [turn])
    with suppress(ValidationError):
        publisher_hint(Filters(publisher=(before,)), [question, "The Post"])
    for read in (
        refers_back,
        names_something,
        is_list_question,
        is_count_question,
        find_small_talk,
        find_speaker_question,
        find_topic,
    ):
        read(question)
    find_misspellings(question, lambda word: len(word) % 2 == 0)


def _facts(text: str) -> None:
    for read in (names, days, amounts, speakers, designations, find_polarity):
        read(text)
    orders_to_say(text, text[: len(text) // 2])
    carries_model_marks(text)
    find_forged_messages([text, text[::-1]])
    remove_invisible(normalise_lookalikes(text))
    strip_markup(text)
    ends_in_marker(text)


def _text(text: str) -> None:
    for cleaned in (text, clean(text), clean_prose(text)):
        assert len(unwrap(cleaned)) == len(cleaned)
        spans = sentences(cleaned)
        end = 0
        for span in spans:
            assert end <= span.start < span.end <= len(cleaned)
            assert not span.of(cleaned)[0].isspace()
            assert not span.of(cleaned)[-1].isspace()
            end = span.end
        run = [span for part in cut_passages(cleaned, spans, PassageSettings()) for span in part]
        assert set(run) == set(spans)
    written, rows = write_text_tables(text)
    assert all(row in written for row in rows)
    page_day(text, text[:50], TODAY)
    language_of(text)


def _forms(text: str) -> None:
    spans = sentences(text)
    for candidate in candidates(Article(id="a", title=text[:40], text=text, language="en"), spans):
        assert candidate.question.strip()
        assert candidate.sentence is None or candidate.sentence in spans
    for span, after in pairwise(spans):
        assert is_question_line(text, span) or not needs_question(text, span, after)


def _surrogates(pieces: list[str]) -> None:
    joined = "".join(piece.text for piece in join_surrogates(map(Piece, pieces)))
    assert joined == "".join(pieces).encode("utf-16-le", "surrogatepass").decode(
        "utf-16-le", "replace"
    )
    joined.encode()


_QUESTIONS = (
    ("What did Anna Weiss say about the harbour last week?", "How tall is the Lunden tower"),
    ("Compare Acme's and Lind's profits in 2024, and list every port.", "Who is “Harald Lind”"),
    ("And before that?", "Which was first: the quay of Westmark or the tower of Lunden"),
)
_PROSE = (
    "Harbour closed\n\n“It will take weeks,” said Anna Weiss, who runs it, on Tuesday, 3 March "
    "2025. Repairs cost $2.5bn, three hundred times as much as in 1931; flight "
    "AB12 was not late. [1]\n\n"
    "Port | Ships\nWestmark | 12\n\n- Mr. Lind: “No. 4 is 1/2 full.”¹",
    "Photo: 港口关闭了。“要几个星期，”安娜说。\tCaption: ไทย U.S. e.g. 10% — **bold** <b>.",
)
_INTERVIEW = (
    "Mayor Anna Weiss on the harbour\n\nWhat did it cost?\n\n21 million. The Lunden tower "
    "will open on 3 March 2025. Really, less than planned?\n\nYes. Anna Weiss, an engineer who "
    "built it, died in 1931; Acme costs $5."
)
WORDS = (
    Target("questions", _question, _QUESTIONS, _ASKED.split(), st.tuples(questions, questions)),
    Target("facts", _facts, _PROSE, _TOLD.split(), prose),
    Target("forms", _forms, (*_PROSE, _INTERVIEW), [*_TOLD.split(), "?\n", "\n\n"], prose),
    Target("texts", _text, _PROSE, [*_TOLD.split(), "\n\n", "\t"], prose),
    Target(
        "surrogates",
        _surrogates,
        (["a\ud83d", "\ude00b", "\ude00"],),
        ("\udc00",),
        st.lists(texts, max_size=6),
    ),
)


@contextmanager
def written_targets(home: Path) -> Iterator[list[Target]]:
    """Answers that a chat model writes, whatever it says, to questions of any kind: what is cited
    stands in the article."""
    said = [""]
    pullquote = library(home, Scripted(lambda _: said[0]), cached_answers=0)
    try:
        check = _written(pullquote, said)
        asked = (("How tall is the Lunden tower?", f"{HEIGHT} [1] Lind built it in 1931 [1]."),)
        drawn = st.tuples(questions, prose)
        yield [Target("written", check, asked, _TOLD.split(), drawn)]
    finally:
        pullquote.close()


def _written(pullquote: Any, said: list[str]) -> Callable[[Any], None]:
    def check(given: tuple[str, str]) -> None:
        question, said[0] = given
        try:
            answer = pullquote.ask(question)
        except QuestionError:
            return
        for citation in answer.citations:
            assert citation.cited_text in FACTS
        answer.as_json()

    return check
