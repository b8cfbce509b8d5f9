"""Answers that a reader asks for again and again, and mostly has already."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request
from starlette.responses import Response


def revalidated(request: Request, body: bytes, media_type: str, changed: datetime) -> Response:
    """The body for this reader only, or 304 where that is what they have.

    `changed`: when it was changed last; aware.
    """
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        "etag": etag,
        "last-modified": format_datetime(changed.astimezone(UTC), usegmt=True),
        "cache-control": "private, no-cache",
    }
    if _held(request, etag, changed):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def _held(request: Request, etag: str, changed: datetime) -> bool:
    tags = request.headers.get("if-none-match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return bool(known & {etag, "*"})
    since = _moment(request.headers.get("if-modified-since", ""))
    return since is not None and changed.replace(microsecond=0) <= since


def _moment(text: str) -> datetime | None:
    """Of an HTTP date; None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
