"""`newscrawl subscriptions …`: what people hear of, as a list and one by one."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from newscrawl import settings
from newscrawl.alerts.allowed import allowed_private
from newscrawl.alerts.links import Links
from newscrawl.alerts.outcome import Sent
from newscrawl.alerts.overview import Held, held, one_held
from newscrawl.alerts.secrets import Secrets
from newscrawl.alerts.trial import reach
from newscrawl.alerts.wishes import ME
from newscrawl.catalogue.subscribers import AddressState
from newscrawl.cli.asking import ask as send
from newscrawl.cli.desk import NOBODY, AsJson, Name, Person, catalogue, desk, nobody_yet
from newscrawl.cli.editing import edit
from newscrawl.cli.editing import person as look_after
from newscrawl.cli.feed_places import file_names, places
from newscrawl.cli.given import urls
from newscrawl.cli.secret import secret
from newscrawl.results.held import held_data, print_held


def list_all(
    person: Annotated[str | None, typer.Option(metavar="NAME", help="Only this person's.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print every subscription: what it asks for, when and where it is told, and its matches."""
    found: list[Held] = []
    if not nobody_yet():
        with catalogue() as opened, opened.read() as tx:
            found = held(tx, person)
    if as_json:
        print(json.dumps([held_data(each) for each in found], ensure_ascii=False, indent=2))
        return
    if not found:
        print(NOBODY, file=sys.stderr)
    print_held(found)


def show(name: Name, person: Person = ME, as_json: AsJson = False) -> None:
    """Print a subscription."""
    with catalogue() as opened, opened.read() as tx:
        found = one_held(tx, person, name)
    if as_json:
        print(json.dumps(held_data(found), ensure_ascii=False, indent=2))
        return
    print_held([found], whole=True)


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


def feed(name: Name, person: Person = ME) -> None:
    """Print where its feeds are read. Whoever knows the address can read them."""
    with catalogue() as opened, opened.read() as tx:
        found = one_held(tx, person, name).subscription
    known = list(places(found))
    for each in known or file_names(found):
        print(each)
    if not known:
        print("`newscrawl feeds DIRECTORY` writes these files", file=sys.stderr)


def remove(name: Name, person: Person = ME) -> None:
    """End a subscription; what waits to be sent is not."""
    with desk() as opened:
        opened.remove(person, name)
    print(f"{name}: removed")


def forget(
    address: Annotated[
        str,
        typer.Argument(metavar="ADDRESS", help="Its URL, or what lists show; `-` reads a line."),
    ],
    person: Person = ME,
) -> None:
    """End an address of a person: nothing more is sent there, and its URL is not kept.

    What waits for it goes to the other addresses of its subscription, those of --else included.
    Subscriptions that have no other are told in their feeds. An e-mail address is asked anew when
    it is given again.
    """
    with desk() as opened:
        done = opened.forget(person, urls([address])[0])
    waited = f", {done.cancelled} waited for it" if done.cancelled else ""
    print(f"{done.address.shown}: forgotten{waited}")
    for name in done.silent:
        print(f"{name}: its feed only")


def ask(person: Person = ME) -> None:
    """Ask e-mail addresses once more whether they may be used; earlier links are void.

    Nobody is asked at an address that no subscription uses any more.
    """
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
    every = (*found.addresses, *found.otherwise)
    usable = [each for each in every if each.state == "confirmed"]
    for each in every:
        if each not in usable:
            print(f"{each.shown}: not sent: {_UNUSED[each.state]}", file=sys.stderr)
    if not every:
        print(f"{name}: no address, it has its feed only", file=sys.stderr)
    if not usable:
        raise typer.Exit(1)
    secrets = Secrets.of(settings.secret_key(), settings.home().secret_key)
    links, allowed = Links.parse(settings.PUBLIC_URL), allowed_private()
    language = found.subscriber.language
    good = True
    for address, outcome in reach(secrets, links, allowed, found.subscription, language, usable):
        if isinstance(outcome, Sent):
            print(f"{address.shown}: sent")
        else:
            good = False
            print(f"{address.shown}: not sent: {outcome.reason}", file=sys.stderr)
    if not good:
        raise typer.Exit(1)


_UNUSED: Mapping[AddressState, str] = {
    "pending": "to be confirmed by whoever reads there; `newscrawl subscriptions ask` asks again",
    "ended": "ended; it is used again once it is given again",
}


COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_all,
    "show": show,
    "edit": edit,
    "feed": feed,
    "pause": pause,
    "resume": resume,
    "remove": remove,
    "person": look_after,
    "forget": forget,
    "ask": ask,
    "test": try_out,
    "secret": secret,
}
