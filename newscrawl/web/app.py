"""The web application: its routes, and what is around them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.resources import files

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newscrawl.alerts.links import Links
from newscrawl.catalogue.connection import Catalogue
from newscrawl.web.consent import confirmation, unsubscription
from newscrawl.web.errors import handlers
from newscrawl.web.feeds import feed
from newscrawl.web.front import front_page
from newscrawl.web.guard import LOOPBACK, Guard
from newscrawl.web.pages import Pages
from newscrawl.web.site import Site
from newscrawl.web.snapshots import snapshot_page
from newscrawl.web.stories import story_page


def application(catalogue: Catalogue, links: Links | None, contact: str) -> Guard:
    """The application over a catalogue, answering under the host of `links` and on loopback."""
    site = Site(catalogue, links, contact, Pages())
    made = Starlette(routes=routes(site), exception_handlers=handlers(site.pages))
    made.router.redirect_slashes = False  # a redirect would be to the host that a request names
    return Guard(made, LOOPBACK | ({links.host} if links else set()))


def routes(site: Site) -> list[Route]:
    """All there are."""
    return [
        Route("/", partial(front_page, site)),
        Route("/s/{named:path}", partial(snapshot_page, site)),
        Route("/story/{named:path}", partial(story_page, site)),
        Route("/feed/{secret}.atom", partial(feed, "atom", site)),
        Route("/feed/{secret}.json", partial(feed, "json", site)),
        Route("/confirm/{secret}", partial(confirmation, site), methods=["GET", "POST"]),
        Route("/u/{secret}", partial(unsubscription, site), methods=["GET", "POST"]),
        Route("/style.css", _style()),
    ]


def _style() -> Callable[[Request], Response]:
    content = files("newscrawl.web").joinpath("style.css").read_bytes()
    kept = {"cache-control": "public, max-age=3600"}
    return lambda _request: Response(content, media_type="text/css", headers=kept)
