"""`newscrawl serve`: the web pages, in one process."""

from __future__ import annotations

from typing import Annotated

import typer

from newscrawl import settings
from newscrawl.alerts.links import Links
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import UsageError
from newscrawl.terminal import number
from newscrawl.web.app import application
from newscrawl.web.guard import LOOPBACK
from newscrawl.web.server import listen, serve


def serve_pages(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(parser=number("--port", 0, 65535), help="0 takes a free one.")
    ] = 8000,
) -> None:
    """Serve snapshot pages, feeds, and the links in messages, until SIGTERM."""
    links = Links.parse(settings.PUBLIC_URL)
    if links is None and host not in LOOPBACK:
        raise UsageError(
            f"--host {host}: set NEWSCRAWL_PUBLIC_URL to the address by which people reach it, "
            "for nothing is answered under any other name"
        )
    catalogue = Catalogue.existing(settings.home().catalogue)
    try:
        contact = settings.CONTACT.removeprefix("mailto:")
        with listen(host, port) as listening:
            serve(application(catalogue, links, contact), listening)
    finally:
        catalogue.close()
