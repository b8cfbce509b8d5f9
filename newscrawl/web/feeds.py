"""`/feed/SECRET.atom` and `.json`: what a subscription has found, for a reader of feeds."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newscrawl.alerts.feeding import feed_of
from newscrawl.alerts.feeds import ATOM_TYPE, JSON_TYPE, WRITERS
from newscrawl.alerts.links import FeedFormat
from newscrawl.alerts.secrets import digest
from newscrawl.catalogue import subscribers, subscriptions
from newscrawl.web.conditional import revalidated
from newscrawl.web.site import Site

_TYPES: Mapping[FeedFormat, str] = {"atom": ATOM_TYPE, "json": JSON_TYPE}


def feed(form: FeedFormat, site: Site, request: Request) -> Response:
    """What a subscription that is paused has found before stays there.

    404 for an unknown secret, 410 for a subscription that is removed: a reader then asks no more.
    """
    secret = request.path_params["secret"]
    with site.catalogue.read() as connection:
        subscription = subscriptions.by_feed(connection, digest(secret))
        if subscription is None:
            raise HTTPException(404)
        if subscription.state == "removed":
            raise HTTPException(410)
        person = subscribers.by_ids(connection, [subscription.subscriber_id])
        language = person[subscription.subscriber_id].language
        address = site.links.feed(secret, form) if site.links else ""
        made = feed_of(connection, subscription, language, links=site.links, address=address)
    body = WRITERS[form](made)
    return revalidated(request, body, f"{_TYPES[form]}; charset=utf-8")
