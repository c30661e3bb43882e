"""A LangChain tool with which an agent asks the articles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from langchain_core.tools import ArgsSchema, BaseTool, ToolException
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from api.langchain.documents import read_filters
from api.support_notes import add_notes
from index.article import Article
from index.errors import InputError
from index.validation import field_of, reason_of
from rag.answer import Answer, Citation
from rag.pullquote import Pullquote
from rag.question import MAX_QUESTION_CHARS, Filters

__all__ = ["PullquoteAsk"]

_DESCRIPTION = (
    "Answers a question from a library of articles, in the articles' own words. Every sentence "
    "is followed by the number of its citation, like [1], and the citations are listed below. "
    "Says so when the articles do not answer. Ask one plain, complete question at a time."
)
# The type of each filter, and its description for the model.
_FILTERS: dict[str, tuple[Any, str]] = {
    "publisher": (list[str], "Only articles of these publishers."),
    "published_from": (date, "Only articles of this day (YYYY-MM-DD) or later."),
    "published_to": (date, "Only articles of this day (YYYY-MM-DD) or earlier."),
    "article_ids": (list[str], "Only the articles of these ids."),
    "language": (list[str], "Only articles in these languages, by their codes, like en."),
}


def _explain(error: Any) -> str:
    """Describe a validation error in a sentence that the model can act on."""
    if not isinstance(error, ValidationError):
        return str(error)
    reasons = (
        f"{field_of(detail)}: {reason_of(detail)}" for detail in error.errors(include_url=False)
    )
    return f"the question cannot be asked: {'; '.join(reasons)}"


class PullquoteAsk(BaseTool):
    """``Pullquote.ask`` for agents: the content is the cited answer as text, the artifact the whole
    answer in the form of ``Answer.as_json()``.

    ``filters`` hold for every question. The model may set the remaining ones; its schema leaves out
    those that are set. An invalid call (an empty question, a period that ends before it begins) is
    returned to the model as an error; the errors of the library are raised.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")

    name: str = "ask_articles"
    description: str = _DESCRIPTION
    # Made from the filters, so that the model cannot set those that are set already.
    args_schema: Annotated[ArgsSchema | None, Field(default=None)] = None
    handle_tool_error: bool | str | Callable[[ToolException], str] | None = True
    handle_validation_error: bool | str | Callable[[Any], str] | None = _explain
    response_format: Literal["content", "content_and_artifact"] = "content_and_artifact"

    pullquote: Pullquote = Field(exclude=True)
    top_k: int = 5
    filters: Filters = Filters()

    def model_post_init(self, context: Any, /) -> None:
        """Make the schema of the arguments from the filters, unless one is given."""
        super().model_post_init(context)
        self.args_schema = self.args_schema or _schema(self.filters)

    def _run(self, question: str, **arguments: Any) -> tuple[str, dict[str, Any]]:
        preset = self.filters.model_dump(exclude_defaults=True)
        model_filters = {name: value for name, value in arguments.items() if value}
        try:
            filters = read_filters({**model_filters, **preset})
            answer = self.pullquote.ask(question, top_k=self.top_k, filters=filters)
        except InputError as exc:
            raise ToolException(str(exc)) from exc
        return _content(answer), answer.as_json()


def _schema(preset: Filters) -> type[BaseModel]:
    preset_fields = preset.model_dump(exclude_defaults=True)
    question_field = Field(description="The question, in words.", max_length=MAX_QUESTION_CHARS)
    fields: dict[str, Any] = {"question": (str, question_field)}
    for name, (kind, description) in _FILTERS.items():
        if name not in preset_fields:
            fields[name] = (kind | None, Field(default=None, description=description))
    return create_model("Ask", __config__=ConfigDict(extra="forbid"), **fields)


def _content(answer: Answer) -> str:
    if answer.abstained:
        return answer.answer
    notes = "\n".join(_footnote(answer, citation) for citation in answer.citations)
    text = add_notes(answer.answer, (stretch.end_index for stretch in answer.unsupported))
    return f"{text}\n\n{notes}"


def _footnote(answer: Answer, citation: Citation) -> str:
    place = f"{citation.article.id}, characters {citation.span.start} to {citation.span.end}"
    note = f"[{citation.number}] {_source(citation.article)} ({place})"
    # An extractive answer is the quotation; prose needs it beside it.
    if citation.answer_span.of(answer.answer) != citation.cited_text:
        note += f": “{citation.cited_text}”"
    return note


def _source(article: Article) -> str:
    day = article.published_at.isoformat() if article.published_at else None
    parts = [article.title or article.id, article.publisher, day, article.url]
    return ", ".join(part for part in parts if part)
