"""`newscrawl subscriptions list|show|pause|resume|remove|ask|test|secret`: what people hear of."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from newscrawl import settings
from newscrawl.addresses import AllowedPrivate
from newscrawl.alerts.outcome import Sent
from newscrawl.alerts.overview import Held, held, one_held
from newscrawl.alerts.rhythm import Quiet
from newscrawl.alerts.secrets import Secrets
from newscrawl.alerts.subscribing import ME
from newscrawl.alerts.trial import reach
from newscrawl.catalogue.subscribers import Address
from newscrawl.cli.asking import ask as send
from newscrawl.cli.desk import Person, catalogue, desk
from newscrawl.cli.secret import secret
from newscrawl.text.dates import shown

Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the subscription.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def list_all(
    person: Annotated[str | None, typer.Option(metavar="NAME", help="Only this person's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print every subscription: what it asks for, when and where it is told, and its matches."""
    with catalogue() as opened, opened.read() as tx:
        found = held(tx, person)
    if as_json:
        print(json.dumps([_data(each) for each in found], ensure_ascii=False, indent=2))
        return
    if not found:
        print("no subscriptions: `newscrawl subscribe QUERY` begins one", file=sys.stderr)
    console = Console(highlight=False)
    for each in found:
        console.print(_told(each), soft_wrap=True)


def show(name: Name, person: Person = ME, as_json: AsJson = False) -> None:
    """Print a subscription."""
    with catalogue() as opened, opened.read() as tx:
        found = one_held(tx, person, name)
    if as_json:
        print(json.dumps(_data(found), ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    console.print(_told(found), soft_wrap=True)
    for line in _more(found):
        console.print(f"  {line}", style="dim", markup=False, soft_wrap=True)


def pause(name: Name, person: Person = ME) -> None:
    """Match nothing for a while; what waits to be sent waits."""
    with desk() as opened:
        opened.pause(person, name)
    print(f"{name}: paused")


def resume(name: Name, person: Person = ME) -> None:
    """Match again, from the next article on."""
    with desk() as opened:
        opened.resume(person, name)
    print(f"{name}: active")


def remove(name: Name, person: Person = ME) -> None:
    """End a subscription; what waits to be sent is not."""
    with desk() as opened:
        opened.remove(person, name)
    print(f"{name}: removed")


def ask(person: Person = ME) -> None:
    """Ask e-mail addresses once more whether they may be used; earlier links are void."""
    with desk() as opened:
        waiting = opened.ask_again(person)
    if not waiting:
        print("no address waits to be confirmed", file=sys.stderr)
    if not send(waiting):
        raise typer.Exit(1)


def try_out(name: Name, person: Person = ME) -> None:
    """Send a message that says nothing new to every address, to see whether it arrives."""
    with catalogue() as opened, opened.read() as tx:
        found = one_held(tx, person, name)
    usable = [each for each in (*found.addresses, *found.otherwise) if each.state == "confirmed"]
    if not usable:
        print(f"{name}: no address that may be used", file=sys.stderr)
        raise typer.Exit(1)
    secrets = Secrets.of(settings.secret_key(), settings.home().secret_key)
    allowed = AllowedPrivate.parse(settings.ALERTS_ALLOW_PRIVATE)
    language = found.subscriber.language
    good = True
    for address, outcome in reach(secrets, allowed, found.subscription, language, usable):
        if isinstance(outcome, Sent):
            print(f"{address.shown}: sent")
        else:
            good = False
            print(f"{address.shown}: not sent: {outcome.reason}", file=sys.stderr)
    if not good:
        raise typer.Exit(1)


COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_all,
    "show": show,
    "pause": pause,
    "resume": resume,
    "remove": remove,
    "ask": ask,
    "test": try_out,
    "secret": secret,
}


def _told(each: Held) -> Text:
    subscription = each.subscription
    name = Text(subscription.name, style="bold")
    if each.subscriber.name != ME:
        name = Text.assemble(name, (f"  {each.subscriber.name}", "cyan"))
    papers = "".join(f" --paper {paper}" for paper in subscription.papers)
    number = each.matches
    line = [
        subscription.rhythm,
        subscription.state,
        f"{number:,} {'match' if number == 1 else 'matches'}",
        _places(each),
    ]
    told = Text.assemble(name, f"  {subscription.query}{papers}\n  ", " · ".join(line))
    if each.unread:
        told.append(f"\n  ! {each.unread.says}", style="bold red")
    return told


def _places(each: Held) -> str:
    first = ", ".join(map(_place, each.addresses)) or "feed only"
    return first + "".join(f", else {_place(other)}" for other in each.otherwise)


def _place(address: Address) -> str:
    said = {"pending": " (to be confirmed)", "ended": " (ended)"}
    return address.shown + said.get(address.state, "")


def _more(each: Held) -> Iterator[str]:
    yield f"since {shown(datetime.fromisoformat(each.subscription.created))}"
    yield f"messages in {'Chinese' if each.subscriber.language == 'zh' else 'English'}"
    if quiet := Quiet.of(each.subscriber.quiet):
        yield f"quiet {quiet}"


def _data(each: Held) -> dict[str, Any]:
    subscription = each.subscription
    return {
        "person": each.subscriber.name,
        "name": subscription.name,
        "query": subscription.query,
        "papers": list(subscription.papers),
        "rhythm": subscription.rhythm,
        "state": subscription.state,
        "created": subscription.created,
        "language": each.subscriber.language,
        "quiet": each.subscriber.quiet and str(Quiet.of(each.subscriber.quiet)),
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
        "fault": each.fault,
    }
