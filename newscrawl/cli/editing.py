"""`newscrawl subscriptions edit NAME`, and `person`: what is to be otherwise from now on."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping
from typing import Annotated

import typer

from newscrawl.alerts.backtest import Backtest
from newscrawl.alerts.evidence import Proposal
from newscrawl.alerts.overview import Held, one_held
from newscrawl.alerts.rhythm import FORMS, Rhythm
from newscrawl.alerts.unread import DAMAGED
from newscrawl.alerts.wishes import ME, Change
from newscrawl.catalogue import subscribers
from newscrawl.cli.asking import ask
from newscrawl.cli.desk import NOBODY, AsJson, Name, Person, catalogue, desk, nobody_yet
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
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.query.parse import parse
from newscrawl.results.backtest import as_data, print_backtest
from newscrawl.results.held import habits, held_data, person_data, print_held
from newscrawl.search import limits

NONE, ALL = "none", "all"


def edit(
    name: Name,
    query: Annotated[str | None, typer.Option(help="What to hear of from now on.")] = None,
    renamed: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What it is called from now on.")
    ] = None,
    paper: Annotated[
        list[str] | None, typer.Option(help="Only these papers; `all` for all. Repeatable.")
    ] = None,
    rhythm: Annotated[str | None, typer.Option(help=f"{FORMS}; Asia/Shanghai.")] = None,
    to: Annotated[
        Urls,
        typer.Option(
            metavar="URL",
            help="Where to tell you, in place of what is there; `none`: in its feed only.",
        ),
    ] = None,
    otherwise: Annotated[
        Urls, typer.Option("--else", metavar="URL", help="Where, if that fails; likewise.")
    ] = None,
    person: Person = ME,
    as_json: AsJson = False,
    quiet: Annotated[str | None, typer.Option(hidden=True)] = None,
    language: Annotated[str | None, typer.Option(hidden=True)] = None,
) -> None:
    """Change a subscription, from the next article on; what is not given stays as it is.

    A new query, or other papers, are tried as `subscribe` tries them. The exit status is 1 where an
    e-mail address could not be asked whether it may be used.

    Quiet hours and language are a person's: `newscrawl subscriptions person` changes them.
    """
    _refuse_habits(person, {"--quiet": quiet, "--language": language})
    change = Change(
        name=renamed,
        query=query,
        papers=_papers(paper),
        rhythm=None if rhythm is None else Rhythm.parse(rhythm),
        to=_addresses(to),
        otherwise=_addresses(otherwise),
    )
    if change == Change():
        raise UsageError(f"{name}: nothing to change: --help shows what can be given")
    if change.name not in (None, name):
        require_free(person, change.name)
    admit((*(change.to or ()), *(change.otherwise or ())))
    found = _tried(person, name, change)
    if found and not as_json:
        print_backtest(found)
    with desk() as opened:
        done = opened.edit(person, name, change)
    after = _held(person, done.subscription.name)
    if as_json:
        data = held_data(after) | {"backtest": as_data(found) if found else None}
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        print(f"{name}: changed")
        print_held([after], whole=True)
        if change.to == ():
            tell(person, after.subscription)
    if not ask(done.unconfirmed, sys.stderr if as_json else None):
        raise typer.Exit(1)


def person(
    person: Person = ME,
    quiet: HoursGiven = None,
    language: LanguageGiven = None,
    as_json: AsJson = False,
) -> None:
    """Print when and in which language a person is told, and change it where that is given."""
    given = chosen(language), hours(quiet)
    if nobody_yet():
        raise NewscrawlError(NOBODY)
    if given == (None, None):
        with catalogue() as opened, opened.read() as view:
            found = subscribers.named(view, person)
    else:
        with desk() as at:
            found = at.person(person, *given)
    if as_json:
        print(json.dumps(person_data(found), ensure_ascii=False))
        return
    print(found.name)
    for line in habits(found):
        print(f"  {line}")


def _refuse_habits(person: str, given: Mapping[str, str | None]) -> None:
    """Raises UsageError that names the command for what holds for all subscriptions of a person."""
    wanted = [
        word for option, value in given.items() if value is not None for word in (option, value)
    ]
    if wanted:
        whose = [] if person == ME else ["--person", person]
        command = shlex.join(["newscrawl", "subscriptions", "person", *whose, *wanted])
        raise UsageError(f"{wanted[0]}: holds for all of a person's subscriptions: `{command}`")


def _addresses(given: Urls) -> tuple[str, ...] | None:
    return None if given is None else () if given == [NONE] else urls(given)


def _papers(given: list[str] | None) -> tuple[str, ...] | None:
    return None if given is None else () if given == [ALL] else tuple(given)


def _tried(person: str, name: str, change: Change) -> Backtest | None:
    """What it would bring, where it is to ask for something else."""
    before = _held(person, name).subscription
    if change.query is None and change.papers is None:
        return None
    query = before.query if change.query is None else change.query
    papers = before.papers if change.papers is None else change.papers
    if papers is None:
        print(f"not tried on what is held: {DAMAGED}; --paper gives others", file=sys.stderr)
        return None
    proposal = Proposal(query, papers, limits=limits())
    parse(proposal.query, proposal.limits)
    return compared(person, proposal, but=name)


def _held(person: str, name: str) -> Held:
    with catalogue() as opened, opened.read() as view:
        return one_held(view, person, name)
