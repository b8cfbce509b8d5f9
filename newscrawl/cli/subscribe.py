"""`newscrawl subscribe QUERY --to URL --name NAME`: hear of an article when it appears."""

from __future__ import annotations

from typing import Annotated

import typer

from newscrawl.alerts.evidence import Proposal
from newscrawl.alerts.overview import one_held
from newscrawl.alerts.rhythm import FORMS, Rhythm
from newscrawl.alerts.wishes import ME, Subscribed, Wish
from newscrawl.catalogue import saved
from newscrawl.catalogue.names import check_name
from newscrawl.catalogue.saved import SavedSearch
from newscrawl.cli.asking import ask
from newscrawl.cli.desk import Person, begin, catalogue, desk
from newscrawl.cli.feed_places import tell
from newscrawl.cli.given import (
    HoursGiven,
    LanguageGiven,
    Urls,
    admit,
    chosen,
    compared,
    hours,
    require_free,
    urls,
)
from newscrawl.errors import UsageError
from newscrawl.query.parse import parse
from newscrawl.results.backtest import print_backtest
from newscrawl.results.held import places
from newscrawl.search import limits, written


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
    quiet: HoursGiven = None,
    language: LanguageGiven = None,
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
        to=urls(to),
        otherwise=urls(otherwise),
        person=person,
        papers=tuple(paper or ()) if taken is None else taken.papers,
        rhythm=Rhythm.parse(rhythm),
        language=chosen(language),
        quiet=hours(quiet),
    )
    proposal = Proposal(wish.query, wish.papers, limits=limits())
    parse(proposal.query, proposal.limits)
    check_name(wish.name)
    check_name(wish.person)
    admit((*wish.to, *wish.otherwise))
    begin()
    require_free(wish.person, wish.name)
    if found := compared(wish.person, proposal):
        print_backtest(found)
    with desk() as opened:
        done = opened.subscribe(wish)
    _say(wish.person, done)


def _saved(
    name: str | None, query: list[str] | None, papers: list[str] | None
) -> SavedSearch | None:
    if name is None:
        return None
    if query or papers:
        raise UsageError(f"--saved {name}: has its own query and papers; leave yours out")
    with catalogue() as opened, opened.read() as tx:
        return saved.named(tx, name)


def _say(person: str, done: Subscribed) -> None:
    each = done.subscription
    with catalogue() as opened, opened.read() as view:
        where = places(one_held(view, person, each.name)) or "its feed only"
    print(f"{each.name}: subscribed, {each.rhythm}, {where}")
    if not done.addresses:
        tell(person, each)
    if not ask(done.unconfirmed):
        raise typer.Exit(1)
