"""`/s/ARTICLE[/N]`: an article as it was read from its snapshot, text only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newscrawl.alerts.links import snapshot_path
from newscrawl.catalogue import sightings, versions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.versions import Capture, Version
from newscrawl.text.address import web_address
from newscrawl.text.citation import citation
from newscrawl.text.dates import shown
from newscrawl.web.site import Site
from newscrawl.web.stories import story_of
from newscrawl.web.takendown import standing, takendown_page


@dataclass(frozen=True, slots=True)
class Found:
    """A version that may be shown, and the snapshot it was read from."""

    version: Version
    capture: Capture
    newest: bool
    """Whether it is the one that a search finds."""


def snapshot_page(site: Site, request: Request) -> Response:
    """The page of a version; 404 for what is unknown or unreadable, 451 where it is taken down."""
    named = request.path_params["named"]
    with site.catalogue.read() as connection:
        found = find(connection, named)
        if found is None and (tombstone := standing(connection, named)):
            return takendown_page(site, request, connection, tombstone)
        if found is None:
            raise HTTPException(404)
        story = story_of(connection, found.version.article_id)
        there = sightings.original(connection, found.version.article_id)
    version, capture = found.version, found.capture
    taken = datetime.fromisoformat(capture.captured_at)
    return site.pages.page(
        request,
        "snapshot.html",
        version=version,
        article=version.article,
        newest=None if found.newest else snapshot_path(version.article_id),
        taken=shown(taken),
        taken_utc=taken.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        original=web_address(capture.requested_url),
        there=there.state,
        there_seen=shown(datetime.fromisoformat(there.seen)),
        citation=citation(version.article, version.paper_title, taken, capture.requested_url),
        story=story,
        imported=capture.kind == "import",
        digest=capture.payload_digest,
        contact=site.contact,
    )


def find(connection: Transaction, named: str) -> Found | None:
    """The version named `ARTICLE` or `ARTICLE/N`: the one that a search finds, or the N-th.

    None for what is unknown, for a quarantined version, and for every version of an article of
    which none may be found.
    """
    for article_id, n in _readings(named):
        every = versions.of_article(connection, article_id)
        live = next((each for each in every if each.live), None)
        if live is None or live.article_id != article_id:
            continue
        wanted = live if n is None else next((each for each in every if each.n == n), None)
        if wanted is not None and wanted.state != "quarantined":
            return Found(wanted, versions.capture_of(connection, wanted), wanted is live)
    return None


def _readings(named: str) -> Iterator[tuple[str, int | None]]:
    """An id may end in a number as well: what is one as a whole comes first."""
    yield named, None
    numbered = re.fullmatch(r"(.+)/([1-9][0-9]{0,8})", named, re.DOTALL)
    if numbered:
        yield numbered[1], int(numbered[2])
