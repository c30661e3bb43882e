"""Answer a question that may go on with a conversation: then first from the articles that the last
answer quotes."""

from __future__ import annotations

from collections.abc import Sequence

from index.article import Article
from index.snapshot import View
from rag.pipeline_state import PipelineState
from rag.query.conversation import goes_on, is_about, quoted_articles
from rag.query.follow_up import refers_back
from rag.question_reader import QuestionReader, QuestionReading
from rag.retrieval.candidate import Candidate
from rag.retrieval.stories import articles_of_story
from rag.search import PassageRetriever
from rag.settings import Settings

__all__ = ["ConversationReader"]


class ConversationReader:
    """Reads for a question and what was said before it.

    retriever: finds more, in the articles that a conversation is about.
    questions: reads.
    settings: those of the whole.
    """

    def __init__(
        self, retriever: PassageRetriever, questions: QuestionReader, settings: Settings
    ) -> None:
        self._retriever = retriever
        self._questions = questions
        self._settings = settings

    def read(
        self, view: View, state: PipelineState, candidates: Sequence[Candidate]
    ) -> QuestionReading:
        """Answer a question that has no parts: one that goes on with a conversation first from the
        articles that the last answer quotes. What others say of another matter is doubted."""
        question, time_words = state.question, state.asked_time_words

        def answer(text: str, hits: Sequence[Candidate]) -> QuestionReading:
            return self._questions.answer(view, question.filters, text, hits, time_words)

        articles = self._topic_articles(view, state, candidates)
        for text in _wordings(state) if articles else ():
            in_articles = answer(text, self._retrieve_in(view, state, articles, text))
            if self._questions.passes(in_articles.reading):
                return in_articles
        whole = answer(state.asked, candidates)
        if not articles or not self._questions.passes(whole.reading):
            return whole
        lead = whole.updates.evidence[0].article
        ids = {article.id for article in articles}
        is_of_topic = lead.id in ids or is_about(view, lead, question.history, articles)
        return whole if is_of_topic else self._questions.doubt(whole)

    def _topic_articles(
        self, view: View, state: PipelineState, candidates: Sequence[Candidate]
    ) -> list[Article]:
        """Return the articles that a question which goes on with a conversation is about: those
        that the last answer quotes, and what else was found of their stories, which may be newer.
        """
        is_on = self._settings.quoted_first and self._settings.history == "resolve"
        if not is_on or not goes_on(state.question, phrases=self._settings.phrases):
            return []
        articles = quoted_articles(view, view.select(state.question.filters), state.question)
        others = {item.hit.article.id: item.hit.article for item in candidates}
        story = [
            s for article in articles for s in articles_of_story(view, article, others.values())
        ]
        return list({article.id: article for article in (*articles, *story)}.values())

    def _retrieve_in(
        self, view: View, state: PipelineState, articles: Sequence[Article], text: str
    ) -> list[Candidate]:
        """Retrieve passages of these articles alone, for a question that is standalone."""
        ids = tuple(article.id for article in articles)
        filters = state.question.filters.model_copy(update={"article_ids": ids})
        update = {"question": text, "history": (), "filters": filters}
        question = state.question.model_copy(update=update)
        depth = self._settings.read_passages
        return self._retriever.retrieve(view, question, depth, state.time_words)[0]


def _wordings(state: PipelineState) -> list[str]:
    """How a follow-up is read in an article that it is about: as it was understood, and as it was
    asked where that is more than a phrase."""
    text = state.question.question
    return list(dict.fromkeys((state.asked, *([text] if refers_back(text) else []))))
