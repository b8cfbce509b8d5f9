"""`newscrawl subscribe QUERY --to URL --name NAME`: hear of an article when it appears."""

from __future__ import annotations

import sys
from typing import Annotated, cast, get_args

import typer

from newscrawl.alerts.directory import Hours
from newscrawl.alerts.evidence import Proposal
from newscrawl.alerts.lint import Other
from newscrawl.alerts.rhythm import FORMS, Quiet, Rhythm
from newscrawl.alerts.subscribing import ME, Subscribed, Wish
from newscrawl.catalogue import saved, subscribers, subscriptions
from newscrawl.catalogue.saved import SavedSearch
from newscrawl.catalogue.subscribers import Language
from newscrawl.cli.asking import ask
from newscrawl.cli.backtest import tried
from newscrawl.cli.desk import Person, catalogue, desk
from newscrawl.errors import UsageError
from newscrawl.index.bounds import SearchEnded
from newscrawl.index.damage import IndexUnusable
from newscrawl.index.opened import Unsearchable
from newscrawl.results.backtest import print_verdict
from newscrawl.search import limits, written

Urls = list[str] | None


def subscribe(
    query: Annotated[
        list[str] | None,
        typer.Argument(help="What to hear of; several words must all occur.", metavar="QUERY..."),
    ] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="Of the subscription.")] = "",
    to: Annotated[
        Urls,
        typer.Option(metavar="URL", help="Where to tell you, an Apprise URL; `-` reads a line."),
    ] = None,
    otherwise: Annotated[
        Urls, typer.Option("--else", metavar="URL", help="Where, if that fails; likewise.")
    ] = None,
    person: Person = ME,
    paper: Annotated[list[str] | None, typer.Option(help="Only this paper; repeatable.")] = None,
    rhythm: Annotated[str, typer.Option(help=f"{FORMS}; Asia/Shanghai.")] = "at once",
    quiet: Annotated[
        str | None,
        typer.Option(help="22:00-07:00: tell this person nothing then; `none` ends that."),
    ] = None,
    language: Annotated[str | None, typer.Option(help="zh or en, for this person.")] = None,
    saved_as: Annotated[
        str | None,
        typer.Option("--saved", metavar="NAME", help="Query and papers of a saved search."),
    ] = None,
) -> None:
    """Hear of articles from now on. The query is that of `newscrawl search`.

    Several --to are told alike. Without any, the subscription has its feed only. The exit status is
    1 where an e-mail address could not be asked whether it may be used.
    """
    if not name:
        raise UsageError("--name NAME is missing: by it the subscription is shown and removed")
    taken = _saved(saved_as, query, paper)
    wish = Wish(
        name=name,
        query=written(query or []) if taken is None else taken.query,
        to=_urls(to),
        otherwise=_urls(otherwise),
        person=person,
        papers=tuple(paper or ()) if taken is None else taken.papers,
        rhythm=Rhythm.parse(rhythm),
        language=_language(language),
        quiet=_hours(quiet),
    )
    _try(wish)
    with desk() as opened:
        done = opened.subscribe(wish)
    _say(done)


def _saved(
    name: str | None, query: list[str] | None, papers: list[str] | None
) -> SavedSearch | None:
    if name is None:
        return None
    if query or papers:
        raise UsageError(f"--saved {name}: has its own query and papers; leave yours out")
    with catalogue() as opened, opened.read() as tx:
        return saved.named(tx, name)


def _try(wish: Wish) -> None:
    """Say what it would have brought, and what may not be meant; it is begun all the same."""
    with catalogue() as opened, opened.read() as view:
        others = [
            Other(each.name, each.query, each.papers)
            for person in filter(None, [subscribers.found(view, wish.person)])
            for each in subscriptions.of_subscriber(view, person.id)
        ]
    try:
        print_verdict(tried(Proposal(wish.query, wish.papers, limits=limits()), others))
    except (IndexUnusable, SearchEnded, Unsearchable) as error:
        print(f"not tried on what is held: {error}", file=sys.stderr)


def _urls(given: Urls) -> tuple[str, ...]:
    """The addresses; one that is `-` stands in no list of processes and no shell's history."""
    return tuple(sys.stdin.readline().strip() if each == "-" else each for each in given or ())


def _hours(text: str | None) -> Hours | None:
    if text is None or text == "none":
        return cast("Hours | None", text)
    return Quiet.parse(text)


def _language(text: str | None) -> Language | None:
    if text is not None and text not in get_args(Language):
        raise UsageError(f"--language {text}: zh or en")
    return cast("Language | None", text)


def _say(done: Subscribed) -> None:
    each = done.subscription
    where = ", ".join(address.shown for address in done.addresses) or "its feed only"
    print(f"{each.name}: subscribed, {each.rhythm}, {where}")
    if not ask(done.unconfirmed):
        raise typer.Exit(1)
