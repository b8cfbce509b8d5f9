"""`/`: what this is, for who opens the address alone."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from newscrawl.web.site import Site
from newscrawl.web.wording import WORDING

_SAID = """  ARTICLE is an id, as `newscrawl search` shows it. A SECRET is in the link of a message;
  `newscrawl subscriptions feed NAME` tells that of a feed."""


def front_page(site: Site, request: Request) -> Response:
    """A page that says so, and nothing of what is held."""
    return site.pages.page(request, "front.html", contact=site.contact)


def places() -> str:
    """What can be opened, in lines for who starts the server."""
    told = {"/": "what this is", **WORDING["en"].places}
    width = max(map(len, told))
    return "\n".join([*(f"  {path:{width}}  {what}" for path, what in told.items()), _SAID])
