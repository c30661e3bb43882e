"""``/articles``: the articles that questions are answered from, and adding to them."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Header, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pydantic import Field
from starlette.datastructures import UploadFile

from api.entity_tag import tagged_response
from api.guard.admission import Readers, Writers, admitting
from api.links import root_of
from api.problem import FieldError, Problem, invalid, problems
from api.schemas.articles import (
    MAX_ID,
    ArticleIn,
    ArticleOut,
    ArticlePage,
    JobOut,
    LanguageList,
    LanguageOut,
    LinkIn,
    PublisherList,
    PublisherOut,
    WholeArticle,
)
from api.schemas.versions import Versions
from api.state import AppState, State
from api.writing.article_bodies import read_articles
from api.writing.idempotency import Claim, IdempotencyKey
from api.writing.job_records import Job
from api.writing.uploads import Upload, read_form
from index.errors import LoadError, NotFoundError
from index.filters import Filters

__all__ = [
    "ArticleQuery",
    "add_articles",
    "get_article",
    "job_response",
    "list_articles",
    "list_languages",
    "list_publishers",
    "list_versions",
    "put_article",
    "remove_article",
    "router",
]

# Up to this many characters (of a file: bytes), the request waits for its job to be done.
_SMALL = 200_000
_WAIT_SECONDS = 10.0

_READ_ERRORS = problems(400, 401, 403, 422, 429, 503, 504)
_WRITE_ERRORS = problems(400, 401, 403, 408, 413, 415, 422, 429, 503, 504)

Wait = Annotated[
    float | None,
    Query(
        ge=0,
        le=600,
        allow_inf_nan=False,
        description="Seconds to wait for the job before answering 202. "
        "By default a few for little, none for much.",
    ),
]

NewId = Annotated[str, Path(min_length=1, max_length=MAX_ID)]

router = admitting(tags=["Articles"])


class ArticleQuery(Filters):
    """Which articles, and how many of them at a time."""

    q: Annotated[str, Field(max_length=200, description="Words in title, publisher or author.")] = (
        ""
    )
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    offset: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0


@router.get(
    "/articles",
    operation_id="list_articles",
    summary="List articles",
    dependencies=[Readers],
    responses=_READ_ERRORS,
)
async def list_articles(state: State, query: Annotated[ArticleQuery, Query()]) -> ArticlePage:
    """A page of the articles that the filters leave, newest first."""

    def page() -> ArticlePage:
        with state.pullquote.library.view() as view:
            rows, total = view.page(query, query.q, query.limit, query.offset)
        articles = [ArticleOut.of(article) for article in rows]
        return ArticlePage(articles=articles, total=total, limit=query.limit, offset=query.offset)

    return await state.reads.run(page)


@router.get(
    "/publishers",
    operation_id="list_publishers",
    summary="List publishers",
    dependencies=[Readers],
    responses=problems(401, 403, 429, 503, 504),
)
async def list_publishers(state: State) -> PublisherList:
    """Every publisher and how many articles it has: what the filter can be set to."""

    def publisher_list() -> PublisherList:
        with state.pullquote.library.view() as view:
            counts = view.publishers()
        publishers = [PublisherOut(publisher=name, articles=count) for name, count in counts]
        return PublisherList(publishers=publishers)

    return await state.reads.run(publisher_list)


@router.get(
    "/languages",
    operation_id="list_languages",
    summary="List languages",
    dependencies=[Readers],
    responses=problems(401, 403, 429, 503, 504),
)
async def list_languages(state: State) -> LanguageList:
    """Every language, by its tag, and how many articles are in it."""

    def language_list() -> LanguageList:
        with state.pullquote.library.view() as view:
            counts = sorted(view.languages().items())
        return LanguageList(
            languages=[LanguageOut(language=tag, articles=count) for tag, count in counts if tag]
        )

    return await state.reads.run(language_list)


@router.get(
    "/articles/{article_id:path}/versions",
    operation_id="list_versions",
    summary="What an article said before",
    response_model=Versions,
    dependencies=[Readers],
    responses=_READ_ERRORS | problems(404),
)
async def list_versions(state: State, article_id: str, request: Request) -> Response:
    """Every version of an article and the sentences that each changed, the present one first.
    Where `/versions` is the end of an id, write `%2Fversions`."""
    # The path is matched decoded; only as it was sent does it tell one from the other.
    if not request.scope["raw_path"].endswith(b"/versions"):
        if_none_match = request.headers.get("if-none-match", "")
        return await get_article(state, f"{article_id}/versions", if_none_match)

    def versions() -> dict[str, Any]:
        with state.pullquote.library.view() as view:
            history = [version.as_json() for version in view.history(article_id)]
        return {"id": article_id, "versions": history}

    return JSONResponse(await state.reads.run(versions))


@router.get(
    "/articles/{article_id:path}",
    operation_id="get_article",
    summary="Read an article",
    dependencies=[Readers],
    response_model=WholeArticle,
    responses=_READ_ERRORS
    | problems(404)
    | {304: {"description": "It is the one whose `ETag` was sent as `If-None-Match`."}},
)
async def get_article(
    state: State, article_id: str, if_none_match: Annotated[str, Header()] = ""
) -> Response:
    """An article's text and metadata, and where its sentences stand. The `ETag` stays the same as
    long as nothing but `index_generation` changes."""

    def whole() -> Response:
        with state.pullquote.library.view() as view:
            article = WholeArticle.from_view(view, article_id).model_dump(mode="json")
        return tagged_response(article, if_none_match, frozenset({"index_generation"}))

    return await state.reads.run(whole)


_JOB_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "Done; nothing in it was new.", "model": JobOut},
    201: {"description": "Done; articles were added.", "model": JobOut},
    202: {"description": "Going on; `Location` names the job.", "model": JobOut},
}
_REQUEST_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [
                        {"$ref": "#/components/schemas/ArticleIn"},
                        LinkIn.model_json_schema(),
                        {
                            "type": "array",
                            "items": {"$ref": "#/components/schemas/ArticleIn"},
                            "minItems": 1,
                        },
                    ]
                },
                "example": {"title": "Wombats dig", "text": "Wombats dig deep burrows."},
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "files": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "minItems": 1,
                        }
                    },
                    "required": ["files"],
                }
            },
        },
    }
}


@router.post(
    "/articles",
    operation_id="add_articles",
    summary="Add articles",
    status_code=202,
    dependencies=[Writers],
    responses=_JOB_RESPONSES | _WRITE_ERRORS,
    openapi_extra=_REQUEST_BODY,
)
async def add_articles(
    state: State, request: Request, wait: Wait = None, idempotency_key: IdempotencyKey = None
) -> Response:
    """One article, a list of them, files (text, Markdown, JSON, CSV, HTML, PDF, DOCX, EPUB,
    mail, WARC; a file is known by its name), or a link: `{"url": ...}` of a page, a feed or a
    sitemap. Little is added before the answer comes; for much, and for links, the answer is the
    job to follow. The same `Idempotency-Key` with the same content again is answered with the
    job of the first time."""
    max_chars = state.settings.max_article_chars
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        upload = await _upload(state, request)
        try:
            claim = await Claim.of(request, idempotency_key, upload.describe)
            pending = await state.jobs.submit(lambda: upload.load(max_chars), claim=claim)
        except BaseException:
            upload.discard()
            raise
        if isinstance(pending, Job):
            upload.discard()
        size = upload.size
    elif kind == "application/json":
        body, content = await request.body(), await read_articles(request)
        claim = await Claim.of(request, idempotency_key, lambda: body)
        if isinstance(content, LinkIn):
            link = await state.jobs.submit_link(content.url, content.limit, claim)
            return job_response(request, await state.jobs.wait(link, wait or 0.0))
        pending = await state.jobs.submit(
            lambda: [article.load(max_chars) for article in content], len(content), claim
        )
        size = sum(len(article.text) for article in content)
    else:
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "send articles as application/json, or files as multipart/form-data",
        )
    if wait is None:
        wait = _WAIT_SECONDS if size <= _SMALL else 0.0
    return job_response(request, await state.jobs.wait(pending, wait))


@router.put(
    "/articles/{article_id:path}",
    operation_id="put_article",
    summary="Add an article or a new version of it",
    dependencies=[Writers],
    response_model=ArticleOut,
    responses={
        201: {"description": "It was not there before.", "model": ArticleOut},
        202: _JOB_RESPONSES[202],
        **_WRITE_ERRORS,
        **problems(404, 409),
    },
)
async def put_article(
    state: State, request: Request, article_id: NewId, article: ArticleIn
) -> Response:
    """The article under this id, whatever was there before. The same content again changes
    nothing."""
    if article.id is not None and article.id != article_id:
        raise invalid(f"{article.id!r} is not the id of the path", "body.id")
    if "\N{REPLACEMENT CHARACTER}" in article_id:
        # Servers decode a path so; any two ids that are no UTF-8 would be one.
        raise invalid("it is not percent-encoded UTF-8", "path.article_id")
    max_chars = state.settings.max_article_chars
    item = await state.reads.run(lambda: article.load(max_chars, article_id))
    if isinstance(item, LoadError):
        raise item
    if item.id != article_id:
        raise invalid(f"an id is one line, not {article_id!r}", "path.article_id")
    pending = await state.jobs.submit(lambda: [item], total=1)
    job = await state.jobs.wait(pending, state.settings.request_timeout)
    if not job.is_finished or job.failed:
        return job_response(request, job)
    stored_article = await _stored_article(state, article_id)
    return JSONResponse(stored_article.model_dump(mode="json"), 201 if job.added else 200)


@router.delete(
    "/articles/{article_id:path}",
    operation_id="remove_article",
    summary="Remove an article",
    status_code=204,
    dependencies=[Writers],
    responses=_READ_ERRORS | problems(404),
)
async def remove_article(state: State, article_id: str) -> Response:
    """Gone from every search at once."""
    await state.jobs.pool.run(lambda: state.pullquote.remove([article_id]))
    return Response(status_code=204)


async def _stored_article(state: AppState, id: str) -> ArticleOut:
    try:
        return ArticleOut.of(await state.reads.run(lambda: state.pullquote.article(id)))
    except NotFoundError as exc:
        raise Problem(
            HTTPStatus.CONFLICT, "an article with this very content is there under another id"
        ) from exc


async def _upload(state: AppState, request: Request) -> Upload:
    form = await read_form(request)
    try:
        files = [file for file in form.getlist("files") if isinstance(file, UploadFile)]
        return await run_in_threadpool(state.uploads.save, files)
    finally:
        await form.close()


def job_response(request: Request, job: Job) -> Response:
    """Answer a request with its job, under the status of the job's state: running (202), done with
    new articles (201) or without (200). ``Problem`` (422) where nothing could be added."""
    if not job.is_finished:
        location = f"{root_of(request.scope)}/jobs/{job.id}"
        return JSONResponse(job.as_json(), 202, {"Location": location})
    if job.failed and not (job.added or job.updated or job.unchanged):
        first = job.failed[0]
        errors = [
            FieldError(where=failure.source, what=failure.reason) for failure in job.failed[:20]
        ]
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, f"{first.source}: {first.reason}", errors=errors
        )
    return JSONResponse(job.as_json(), 201 if job.added else 200)
