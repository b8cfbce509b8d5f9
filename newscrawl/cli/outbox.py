"""`newscrawl outbox`: what waits to be sent, and what could not be."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, get_args

import typer
from rich.console import Console
from rich.text import Text

from newscrawl import settings
from newscrawl.catalogue import letters, matches, subscribers, subscriptions
from newscrawl.catalogue.connection import Catalogue, Transaction
from newscrawl.catalogue.outbox import Delivery, State
from newscrawl.catalogue.routes import routes_of
from newscrawl.catalogue.subscribers import Address, Subscriber
from newscrawl.catalogue.subscriptions import Subscription
from newscrawl.errors import UsageError
from newscrawl.results.held import place
from newscrawl.terminal import number, printing
from newscrawl.text.dates import iso, shown

UNSETTLED: tuple[State, ...] = ("waiting", "leased", "dead")
DEAD: tuple[State, ...] = ("dead",)
LIMIT, MOST = 50, 10_000


def outbox(
    states: Annotated[
        list[str] | None,
        typer.Option("--state", help="waiting, leased, sent, dead, cancelled or expired."),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            parser=number("--limit", 1, MOST), metavar="NUMBER", help="So many, the newest first."
        ),
    ] = LIMIT,
    before: Annotated[
        int | None,
        typer.Option(
            parser=_numbered("--before"), metavar="NUMBER", help="Only older ones than this."
        ),
    ] = None,
    again: Annotated[
        list[int] | None,
        typer.Option(
            parser=_numbered("--again"),
            metavar="NUMBER",
            help="Send a dead or expired delivery once more; repeatable.",
        ),
    ] = None,
    again_all: Annotated[
        bool, typer.Option("--again-all", help="Send all that are dead once more.")
    ] = False,
    drop: Annotated[
        list[int] | None,
        typer.Option(
            parser=_numbered("--drop"),
            metavar="NUMBER",
            help="Let a dead delivery rest: it is named no more.",
        ),
    ] = None,
    drop_all: Annotated[
        bool, typer.Option("--drop-all", help="Let all that are dead rest.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show what waits to be sent, is being sent, or could not be sent."""
    wanted = _states(states or [])
    if (again or again_all) and (drop or drop_all):
        raise UsageError("--again and --drop: one of the two")
    with closing(Catalogue.existing(settings.home().catalogue)) as catalogue:
        if again or again_all:
            _AGAIN.make(catalogue, again or [], everything=again_all)
            return
        if drop or drop_all:
            _DROP.make(catalogue, drop or [], everything=drop_all)
            return
        with catalogue.read() as view:
            page = _Outbox.of(view, wanted, limit, before)
    with printing():
        if as_json:
            print(json.dumps(page.data(), ensure_ascii=False, indent=2))
        else:
            page.print()
            if page.next:
                print(f"next: {_command(states or [], limit, page.next)}")


def _command(states: Sequence[str], limit: int, before: int) -> str:
    """What shows the next page."""
    words = [word for state in states for word in ("--state", state)]
    words += ["--limit", f"{limit}"] if limit != LIMIT else []
    return shlex.join(["newscrawl", "outbox", *words, "--before", f"{before}"])


def _states(given: Collection[str]) -> tuple[State, ...]:
    unknown = next((each for each in given if each not in get_args(State)), None)
    if unknown is not None:
        raise UsageError(f"--state {unknown}: must be one of {', '.join(get_args(State))}")
    return tuple(each for each in get_args(State) if each in given) or UNSETTLED


def _numbered(option: str) -> Callable[[str], int]:
    """Reads the number of a delivery. Raises UsageError for what cannot be one."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", text):
            raise UsageError(
                f"{option} {text}: must be the number of a delivery; `newscrawl outbox` shows it "
                "first"
            )
        return int(text)

    return read


@dataclass(frozen=True, slots=True)
class _Change:
    """What may be done to deliveries that did not arrive."""

    act: Callable[[Transaction, Collection[int]], int]
    """How many it befell."""
    states: Collection[State]
    """Of those it may befall."""
    done: str
    only: str

    def make(self, catalogue: Catalogue, given: Sequence[int], *, everything: bool) -> None:
        """Do it, and name those that it cannot befall. Raises Exit where there is one."""
        with catalogue.write() as tx:
            dead = _dead(tx) if everything else []
            before = letters.states(tx, given)
            count = self.act(tx, {*given, *dead})
        refused = list(self._refused(dict.fromkeys(given), before))
        if count:
            print(f"{count} {self.done}")
        elif not refused:
            print("nothing is dead")
        for each in refused:
            print(each, file=sys.stderr)
        if refused:
            raise typer.Exit(1)

    def _refused(self, numbers: Iterable[int], states: Mapping[int, State]) -> Iterator[str]:
        for each in numbers:
            if each not in states:
                yield f"{each}: no such delivery; `newscrawl outbox` shows them"
            elif states[each] not in self.states:
                yield f"{each}: is {states[each]}; only {self.only}"


_AGAIN = _Change(
    lambda tx, ids: letters.again(tx, ids, iso(datetime.now(UTC))),
    letters.RENEWABLE,
    "to be sent once more: `newscrawl deliver` does it",
    "what is dead or expired is sent once more",
)
_DROP = _Change(
    letters.drop,
    DEAD,
    "let rest: `newscrawl outbox --state cancelled` still shows why they died",
    "what is dead is let rest",
)


def _dead(tx: Transaction) -> list[int]:
    return [each.id for each in letters.listed(tx, DEAD, -1)]


@dataclass(frozen=True, slots=True)
class _Outbox:
    """A page of deliveries, and what they are of."""

    counts: Mapping[State, int]
    """Of all that there are."""
    total: int
    """Those in the states that are wanted, on all pages."""
    next: int | None
    """The number before which the next page begins; None at the end."""
    deliveries: Sequence[Delivery]
    asked: Mapping[int, Subscription]
    people: Mapping[int, Subscriber]
    addresses: Mapping[int, Address]
    fallbacks: Collection[tuple[int, int]]
    """Subscriptions and addresses that are only told where others cannot be."""
    articles: Mapping[int, int]

    @classmethod
    def of(
        cls, view: Transaction, states: Collection[State], limit: int, before: int | None
    ) -> _Outbox:
        counts = letters.counts(view)
        listed = letters.listed(view, states, limit + 1, before)
        deliveries = listed[:limit]
        named = subscriptions.by_ids(view, {each.subscription_id for each in deliveries})
        held = subscribers.addresses_by_ids(view, {each.address_id for each in deliveries})
        told = matches.of_deliveries(view, [each.id for each in deliveries])
        return cls(
            counts,
            sum(counts.get(each, 0) for each in states),
            deliveries[-1].id if len(listed) > limit else None,
            deliveries,
            named,
            subscribers.by_ids(view, {each.subscriber_id for each in named.values()}),
            held,
            {
                (each.subscription_id, each.address_id)
                for routes in routes_of(view, named).values()
                for each in routes
                if each.fallback
            },
            {number: len(each) for number, each in told.items()},
        )

    def data(self) -> dict[str, Any]:
        return {
            "counts": self.counts,
            "total": self.total,
            "next": self.next,
            "deliveries": self._rows(),
        }

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "number": each.id,
                "person": self._person(each),
                "subscription": self.asked[each.subscription_id].name,
                "address": self.addresses[each.address_id].shown,
                "address_state": self.addresses[each.address_id].state,
                "fallback": self._falls_back(each),
                "articles": self.articles.get(each.id, 0),
                "state": each.state,
                "due": each.due,
                "attempts": each.attempts,
                "error": each.error,
                "key": each.key,
            }
            for each in self.deliveries
        ]

    def _person(self, each: Delivery) -> str:
        return self.people[self.asked[each.subscription_id].subscriber_id].name

    def _falls_back(self, each: Delivery) -> bool:
        return (each.subscription_id, each.address_id) in self.fallbacks

    def _place(self, each: Delivery) -> str:
        instead = "else " if self._falls_back(each) else ""
        return instead + place(self.addresses[each.address_id])

    def print(self) -> None:
        """Not laid out in columns: what is long is not cut."""
        console = Console(highlight=False)
        for each in self.deliveries:
            console.print(self._told(each), soft_wrap=True)
        counted = [f"{self.counts[each]} {each}" for each in get_args(State) if each in self.counts]
        said = ", ".join(counted) or "nothing was ever to be sent"
        if len(self.deliveries) < self.total:
            said += f" · {len(self.deliveries)} of {self.total} shown"
        console.print(said, style="dim", markup=False, soft_wrap=True)

    def _told(self, each: Delivery) -> Text:
        state = Text(each.state, style="bold red" if each.state == "dead" else "bold")
        person = self._person(each)
        first = Text.assemble(
            (f"{each.id}  ", "dim"),
            state,
            f"  {self.asked[each.subscription_id].name}",
            (f"  {person}" if person != subscribers.ME else "", "cyan"),
            f" → {self._place(each)}",
            f"  {self.articles.get(each.id, 0)} 篇",
        )
        tries = f"{each.attempts} {'try' if each.attempts == 1 else 'tries'}"
        when = each.sent or each.due
        more = [
            f"{'sent' if each.sent else 'due'} {shown(datetime.fromisoformat(when))}",
            tries,
            *filter(None, [each.error]),
        ]
        return Text("\n  ").join((first, Text(" · ".join(more), style="dim")))
