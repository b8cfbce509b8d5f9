"""What a reader is told where there is no answer: never anything of what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from newscrawl.web.language import language_of
from newscrawl.web.pages import Pages
from newscrawl.web.wording import WORDING

PLAIN = ("/feed/",)
"""Beginnings of paths that programs read: their errors are plain text."""


def handlers(pages: Pages) -> dict[Any, Any]:
    """Starlette's handlers for whatever ends a request early."""
    return {HTTPException: partial(_refused, pages), Exception: partial(_failed, pages)}


def _refused(pages: Pages, request: Request, error: HTTPException) -> Response:
    return _told(pages, request, error.status_code, error.headers)


def _failed(pages: Pages, request: Request, _error: Exception) -> Response:
    return _told(pages, request, 500)


def _told(
    pages: Pages, request: Request, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    answer: Response
    if request.url.path.startswith(PLAIN):
        text = WORDING[language_of(request)].errors.get(status, "")
        answer = PlainTextResponse(f"{text or status}\n", status)
    else:
        answer = pages.page(request, "error.html", status, status=status)
    answer.headers.update(headers or {})
    return answer
