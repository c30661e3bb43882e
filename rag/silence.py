"""Explain an abstention: which part of the question is nowhere in the articles, and what may
help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from index.snapshot import View
from index.text.language import DEFAULT, encoder_reads, unread_language
from index.text.sentences import sentences
from rag.answer import SearchResult
from rag.facts.names import KnownWords, names, without_owner
from rag.query.absent_words import absent_words, texts_about
from rag.query.comparison import ask_each_side
from rag.query.speaker_question import find_speaker_question
from rag.text.english import is_function_word, words

__all__ = ["HOW_TO_ADD", "Silence", "explain_silence", "undated_hint"]

HOW_TO_ADD: Final = (
    "“pullquote add” takes files, folders, and links to pages, feeds and sitemaps; over HTTP it is "
    "POST /articles."
)
_TOPIC: Final = ("about ", "in ", "when ", "after ")


@dataclass(frozen=True, slots=True)
class Silence:
    """The explanation of an abstention.

    ``missing``: the part of the question that is nowhere in the articles, where that is known;
    ``hint``: what may help, in sentences.
    """

    missing: str | None = None
    hint: str | None = None


def explain_silence(
    view: View,
    question: str,
    *,
    elsewhere: str | None,
    is_unsaid: bool = False,
    encoder: str = "",
    language: str = DEFAULT,
    texts: Sequence[str] = (),
) -> Silence:
    """Explain why a question is not answered.

    view: the state of the library.
    question: standalone.
    elsewhere: what the filters hide, in a sentence.
    encoder: the library's; a question or an article in a language that it was not trained on gets a
        hint.
    language: of the article that was found first.
    is_unsaid: whether the articles found have no statement by the person whose words it asks for.
    texts: of the articles found, with title and author; where those with a name of the question
        lack a word of it, that is named.
    """
    if hint := _language_hint(question, encoder, language):
        return Silence(hint=" ".join(filter(None, (elsewhere, hint))))
    missing, reason = _missing(view, question, is_unsaid, texts)
    hints = [hint for hint in (elsewhere, reason) if hint]
    return Silence(missing, " ".join(hints) or None)


def undated_hint(results: Sequence[SearchResult]) -> str | None:
    """Explain that articles without a day were left out of a timeline; ``None`` where all of
    ``results`` have one."""
    titles = dict.fromkeys(r.article.title or r.article.id for r in results if not r.published_at)
    if not titles:
        return None
    return f"A timeline needs days of publication, and “{next(iter(titles))}” has none."


def _language_hint(question: str, encoder: str, language: str) -> str | None:
    """Name languages that the encoder was not trained on: the question's, or that of the article
    found first, whose words a question in English does not have."""
    if not encoder_reads(encoder, language):
        subject, remedy = f"The article found first is in {_language_name(language)}", "words of it"
    elif question_language := unread_language(question, encoder):
        subject = f"The question seems to be in {_language_name(question_language)}"
        remedy = "English"
    else:
        return None
    return (
        f"{subject}, and the encoder {encoder} reads English only. Ask in {remedy}, or set "
        "PULLQUOTE_ENCODER to a multilingual model."
    )


def _language_name(tag: str) -> str:
    from babel import Locale

    return str(Locale("en").languages.get(tag.partition("-")[0], tag))


def _missing(
    view: View, question: str, is_unsaid: bool, texts: Sequence[str]
) -> tuple[str | None, str | None]:
    """Return the part of a question that the library lacks, and a sentence that explains it."""
    asked_words = find_speaker_question(question) if is_unsaid else None
    # No article says "older" of the one or the other.
    question = " ".join(ask_each_side(question)) or question
    if unknown := list(dict.fromkeys(_unknown_names(view, question, texts))):
        enumeration = " or ".join(f"“{name}”" for name in unknown)
        return ", ".join(unknown), f"No article names {enumeration}."
    if asked_words and asked_words.speaker:
        statement, speaker = f"a statement by {asked_words.speaker}", asked_words.speaker
        # What is asked in a clause of its own ("what is missing") is no subject of a statement.
        is_topic = asked_words.subject.startswith(_TOPIC)
        subject = [word for word in words(asked_words.subject) if not is_function_word(word)]
        if not is_topic or not subject:
            return statement, f"The articles found have no statement by {speaker}."
        # What they said of it in other words is not known to be of it.
        enumeration = " or ".join(f"“{word}”" for word in dict.fromkeys(subject))
        return statement, f"No statement by {speaker} that was found says {enumeration}."
    name, about = texts_about(question, texts)
    # What somebody tells of themselves before they ask is no part of the question.
    asked = sentences(question)[-1].of(question) if question.strip() else question
    asked = asked.rpartition(": ")[2]
    if absent := absent_words(asked, about) if about else ():
        enumeration = " or ".join(f"“{word}”" for word in absent)
        return ", ".join(absent), f"No article found that names “{name}” says {enumeration}."
    return None, None


def _unknown_names(view: View, question: str, texts: Sequence[str]) -> Iterator[str]:
    """Yield the names of a question that have a word which no article has."""
    known_words = KnownWords(texts)
    for name in names(question):
        name_text = without_owner(question[name.start : name.end])
        # A capitalised word that begins the question may be any word.
        is_known = view.holds(name_text) or (texts and not known_words.missing(name))
        if not name.first and not is_known:
            yield name_text
