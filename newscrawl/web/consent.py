"""`/confirm/SECRET` and `/u/SECRET`: GET shows, POST acts.

So whoever only follows links, as scanners of mail do, changes nothing. A POST is the button of the
page, or a mail program's one click (RFC 8058); what it carries does not matter, for the secret is
in the address.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newscrawl.alerts import consent
from newscrawl.catalogue.connection import Transaction
from newscrawl.web.site import Site

T = TypeVar("T")


def confirmation(site: Site, request: Request) -> Response:
    """What is sent to an address, before and after somebody has confirmed that it is theirs."""

    def confirm(connection: Transaction, secret: str) -> consent.Asked | None:
        return consent.confirm(connection, secret, datetime.now(UTC))

    asked = _shown_or_done(site, request, consent.asked, confirm)
    return site.pages.page(request, "confirm.html", asked=asked)


def unsubscription(site: Site, request: Request) -> Response:
    """A subscription, before and after it is ended."""
    ending = _shown_or_done(site, request, consent.ending, consent.unsubscribe)
    return site.pages.page(request, "unsubscribe.html", subscription=ending)


def _shown_or_done(
    site: Site,
    request: Request,
    show: Callable[[Transaction, str], T | None],
    act: Callable[[Transaction, str], T | None],
) -> T:
    """What the secret of the address stands for. Raises HTTPException, 404, for one that is none.

    It is looked for before anybody waits for the write lock: a guess costs a reading.
    """
    secret = request.path_params["secret"]
    found = _in(site.catalogue.read(), show, secret)
    if found is not None and request.method == "POST":
        found = _in(site.catalogue.write(), act, secret)
    if found is None:
        raise HTTPException(404)
    return found


def _in(
    transaction: AbstractContextManager[Transaction],
    work: Callable[[Transaction, str], T | None],
    secret: str,
) -> T | None:
    with transaction as connection:
        return work(connection, secret)
