"""Subscriptions for a terminal and as programs read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from newscrawl.alerts.overview import Held
from newscrawl.alerts.rhythm import Quiet
from newscrawl.alerts.undelivered import LOOK, said
from newscrawl.alerts.wishes import ME
from newscrawl.catalogue.subscribers import Address, Subscriber
from newscrawl.text.dates import shown


def print_held(subscriptions: Iterable[Held], *, whole: bool = False) -> None:
    """Print what each asks for, when and where it is told, and its matches; all of it: `whole`."""
    console = Console(highlight=False)
    for each in subscriptions:
        console.print(_told(each), soft_wrap=True)
        for line in _more(each) if whole else ():
            console.print(f"  {line}", style="dim", markup=False, soft_wrap=True)


def habits(person: Subscriber) -> Iterator[str]:
    """The language of a person's messages and the hours in which none come, a line each."""
    yield f"messages in {'Chinese' if person.language == 'zh' else 'English'}"
    if quiet := Quiet.of(person.quiet):
        yield f"quiet {quiet}"


def person_data(person: Subscriber) -> dict[str, Any]:
    """As JSON has it."""
    return {
        "person": person.name,
        "language": person.language,
        "quiet": person.quiet and str(Quiet.of(person.quiet)),
    }


def held_data(each: Held) -> dict[str, Any]:
    """As JSON has it. Times are ISO 8601, UTC; of an address only what may be seen."""
    subscription = each.subscription
    return {
        **person_data(each.subscriber),
        "name": subscription.name,
        "query": subscription.query,
        "papers": None if subscription.papers is None else list(subscription.papers),
        "rhythm": subscription.rhythm,
        "state": subscription.state,
        "created": subscription.created,
        "addresses": [
            {
                "kind": address.kind,
                "shown": address.shown,
                "state": address.state,
                "fallback": address in each.otherwise,
            }
            for address in (*each.addresses, *each.otherwise)
        ],
        "matches": each.matches,
        "dead": each.dead,
        "fault": each.fault,
    }


def _told(each: Held) -> Text:
    subscription = each.subscription
    name = Text(subscription.name, style="bold")
    if each.subscriber.name != ME:
        name = Text.assemble(name, (f"  {each.subscriber.name}", "cyan"))
    papers = "".join(f" --paper {paper}" for paper in subscription.papers or ())
    number = each.matches
    line = [
        subscription.rhythm,
        subscription.state,
        f"{number:,} {'match' if number == 1 else 'matches'}",
        places(each) or "feed only",
    ]
    told = Text.assemble(name, f"  {subscription.query}{papers}\n  ", " · ".join(line))
    if each.dead:
        told.append(f"\n  ! {said(each.dead)}: {LOOK}", style="bold red")
    if each.unread:
        told.append(f"\n  ! {each.unread.says}", style="bold red")
    return told


def places(each: Held) -> str:
    """Where it is told; nothing where that is its feed only."""
    first = map(place, each.addresses)
    return ", ".join((*first, *(f"else {place(other)}" for other in each.otherwise)))


def place(address: Address) -> str:
    """An address as lists show it, and why it is not used where it is not."""
    more = {"pending": " (to be confirmed)", "ended": " (ended)"}
    return address.shown + more.get(address.state, "")


def _more(each: Held) -> Iterator[str]:
    yield f"since {shown(datetime.fromisoformat(each.subscription.created))}"
    yield from habits(each.subscriber)
