"""Opening the desk at which people subscribe, for the commands."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated

import typer

from newscrawl import settings
from newscrawl.alerts.feed_keeper import FeedKeeper
from newscrawl.alerts.policy import Policy
from newscrawl.alerts.subscribing import Desk
from newscrawl.catalogue.connection import Catalogue
from newscrawl.cli.papers import declared_titles
from newscrawl.errors import NewscrawlError
from newscrawl.ops.place import prepare
from newscrawl.search import limits

Person = Annotated[
    str, typer.Option(metavar="NAME", help="Whose it is; you, who run this, are `me`.")
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the subscription.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


NOBODY = "no subscriptions: `newscrawl subscribe QUERY` begins one"


def begin() -> None:
    """Make the home and its catalogue where nothing was collected yet, as a crawl does: who
    subscribes before is told of the first edition.

    Raises HomeUnusable where it cannot be made.
    """
    home = settings.home()
    if not home.catalogue.exists():
        prepare(home, settings.FREE_SPACE_MB)
        Catalogue.open(home.catalogue).close()


def nobody_yet() -> bool:
    """Whether there is no catalogue in which anybody could have subscribed."""
    return not settings.home().catalogue.exists()


@contextmanager
def catalogue() -> Iterator[Catalogue]:
    """The catalogue of the home, which is not made. Raises CatalogueError where there is none."""
    with closing(Catalogue.existing(settings.home().catalogue)) as opened:
        yield opened


@contextmanager
def desk() -> Iterator[Desk]:
    """The desk of the home, as the settings want it. What is changed there, feeds as files follow.

    Where they cannot be written, what was changed stays changed, and it is said on stderr.
    """
    home = settings.home()
    with catalogue() as opened:
        feeds = FeedKeeper(home, opened)
        feeds.begin()
        yield Desk(opened, home, Policy.of(limits()), declared=declared_titles)
        try:
            feeds.keep()
        except NewscrawlError as error:
            print(f"the feeds are not up to date: {error}", file=sys.stderr)
