from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from pydantic import Field

from api.langchain import PullquoteAsk
from index.errors import ModelMismatch
from rag import Filters, Pullquote
from tests import chat
from tests.fakes import article
from tests.near import NearReader
from tests.rag.writing import HEIGHT, library

QUESTION = "How much will Alibaba invest in AI infrastructure?"


class Scripted(BaseChatModel):
    """Calls the first tool with ``args``, then repeats what the tool said."""

    args: dict[str, Any]
    bound: list[str] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        self.bound.extend(tool.name for tool in tools if isinstance(tool, BaseTool))
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        last = messages[-1]
        if isinstance(last, ToolMessage):
            reply = AIMessage(content=last.content)
        else:
            call = {"name": self.bound[0], "args": self.args, "id": "1", "type": "tool_call"}
            reply = AIMessage(content="", tool_calls=[call])
        return ChatResult(generations=[ChatGeneration(message=reply)])


def called(tool: PullquoteAsk, **args: Any) -> ToolMessage:
    """What a model is sent back that called the tool so."""
    message = tool.invoke({"name": tool.name, "args": args, "id": "1", "type": "tool_call"})
    assert isinstance(message, ToolMessage)
    return message


def test_an_agent_gets_a_cited_answer(seeds: Pullquote) -> None:
    model = Scripted(args={"question": QUESTION})
    agent = create_agent(model, tools=[PullquoteAsk(pullquote=seeds)])
    messages = agent.invoke({"messages": [HumanMessage(QUESTION)]})["messages"]
    (said,) = [message for message in messages if isinstance(message, ToolMessage)]
    answer = said.artifact
    assert messages[-1].content == said.content
    assert str(said.content).startswith(answer["answer"])
    (citation, *_) = answer["citations"]
    text = seeds.article(citation["document_id"]).text
    assert text[citation["start_char_index"] : citation["end_char_index"]] in said.content
    place = f"characters {citation['start_char_index']} to {citation['end_char_index']}"
    assert f"[1] {citation['document_title']}" in said.content
    assert place in said.content


def test_what_nothing_backs_says_so(tmp_path: Path) -> None:
    model = chat.Scripted(f"{HEIGHT} [1] It is haunted.")
    with library(tmp_path, model, unsupported="flag") as tower:
        message = called(PullquoteAsk(pullquote=tower), question="How tall is the Lunden tower?")
    assert str(message.content).startswith(
        f"{HEIGHT} [1] It is haunted. (no article backs this)\n\n[1] "
    )


def test_silence_is_an_answer_too(seeds: Pullquote) -> None:
    message = called(PullquoteAsk(pullquote=seeds), question="Who invented the zip fastener?")
    assert message.content == "The articles do not say."
    assert message.status == "success"
    assert message.artifact["abstained"]


def test_leads_are_for_people_and_not_in_the_text(pullquote: Pullquote) -> None:
    pullquote.add_articles([article("chips", "Acme buys chips.")])
    settings, models = pullquote.settings, pullquote.library.models
    with Pullquote.open(settings=settings, models=models, reader=NearReader()) as near:
        message = called(PullquoteAsk(pullquote=near), question="Who sells chips?")
    assert message.content == "The articles do not say."
    assert [each["cited_text"] for each in message.artifact["leads"]] == ["Acme buys chips."]


def test_filters_of_the_model(seeds: Pullquote) -> None:
    tool = PullquoteAsk(pullquote=seeds)
    message = called(tool, question=QUESTION, publisher=["Nobody's Paper"], published_to=None)
    assert message.artifact["abstain_reason"] == "nothing_matches_filters"
    # Models fill in what they leave open.
    assert called(tool, question=QUESTION, publisher=[]).artifact["citations"]


def test_what_is_set_is_not_for_the_model_to_set(seeds: Pullquote) -> None:
    tool = PullquoteAsk(pullquote=seeds, filters=Filters(publisher=("Nobody's Paper",)))
    assert "publisher" not in tool.args
    assert "published_from" in tool.args
    assert called(tool, question=QUESTION).artifact["abstain_reason"] == "nothing_matches_filters"
    tried = called(tool, question=QUESTION, publisher=["Reuters"])
    assert tried.status == "error"
    assert "publisher: there is no such field" in tried.content


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ({"question": "  ?"}, "question: it is empty"),
        ({"question": "Who?", "published_from": "last May"}, "published_from: "),
        (
            {"question": "Who?", "published_from": "2025-02-01", "published_to": "2025-01-01"},
            "is after published_to",
        ),
        ({"question": "x" * 2001}, "at most 2000 characters"),
        ({}, "question: it is missing"),
    ],
)
def test_the_model_is_told_what_it_asked_wrongly(
    seeds: Pullquote, args: dict[str, Any], told: str
) -> None:
    message = called(PullquoteAsk(pullquote=seeds), **args)
    assert message.status == "error"
    assert told in message.content


def test_a_period_may_be_half_set(seeds: Pullquote) -> None:
    tool = PullquoteAsk(pullquote=seeds, filters=Filters(published_to=date(2025, 1, 1)))
    message = called(tool, question=QUESTION, published_from=date(2026, 1, 1))
    assert message.status == "error"


def test_a_library_that_cannot_be_used_is_no_matter_for_the_model(pullquote: Pullquote) -> None:
    pullquote.add_articles([article("chips", "Acme buys chips.")])
    settings = pullquote.settings.model_copy(update={"encoder": "another"})
    models = pullquote.library.models
    with Pullquote.open(settings=settings, models=models) as other, pytest.raises(ModelMismatch):
        PullquoteAsk(pullquote=other).invoke({"question": "Who buys chips?"})


def test_a_question_alone_will_do(pullquote: Pullquote) -> None:
    assert "no articles yet" in PullquoteAsk(pullquote=pullquote).invoke("Who buys chips?")
