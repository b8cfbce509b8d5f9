"""The page in the place of what is taken down: since when, and how far."""

from __future__ import annotations

import re
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from newscrawl.catalogue import covered, versions
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.versions import Version
from newscrawl.catalogue.withdrawn import Tombstone
from newscrawl.text.dates import shown
from newscrawl.web.guard import UNSTORED
from newscrawl.web.site import Site

STATUS = 451
"""Unavailable for legal reasons: not a 404, which would say that it never was."""


def standing(view: Transaction, named: str) -> Tombstone | None:
    """The tombstone of the article `ARTICLE` or `ARTICLE/N`; None where none stands."""
    whole = covered.of_article(view, named)
    numbered = re.fullmatch(r"(.+)/[1-9][0-9]{0,8}", named, re.DOTALL)
    return whole or (covered.of_article(view, numbered[1]) if numbered else None)


def takendown_page(site: Site, request: Request, view: Transaction, found: Tombstone) -> Response:
    """Of a redacted article with its headline, place, time and hash; of others nothing at all."""
    answer = site.pages.page(
        request,
        "takendown.html",
        STATUS,
        since=shown(datetime.fromisoformat(found.at)),
        scope=found.scope,
        version=_redacted(view, request.path_params["named"]) if found.scope == "redact" else None,
        contact=site.contact,
    )
    answer.headers["cache-control"] = UNSTORED
    return answer


def _redacted(view: Transaction, named: str) -> Version | None:
    every = versions.of_article(view, named) or versions.of_article(view, named.rpartition("/")[0])
    return every[-1] if every else None
