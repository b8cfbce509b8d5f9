"""Opening the desk at which people subscribe, for the commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated

import typer

from newscrawl import settings
from newscrawl.alerts.policy import Policy
from newscrawl.alerts.subscribing import Desk
from newscrawl.catalogue.connection import Catalogue
from newscrawl.search import limits

Person = Annotated[
    str, typer.Option(metavar="NAME", help="Whose it is; you, who run this, are `me`.")
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the subscription.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


@contextmanager
def catalogue() -> Iterator[Catalogue]:
    """The catalogue of the home, which is not made. Raises CatalogueError where there is none."""
    with closing(Catalogue.existing(settings.home().catalogue)) as opened:
        yield opened


@contextmanager
def desk() -> Iterator[Desk]:
    """The desk of the home, as the settings want it."""
    with catalogue() as opened:
        yield Desk(opened, settings.home(), Policy.of(limits()))
