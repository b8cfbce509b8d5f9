"""Subscriptions whose query can no longer be read: which they are, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from shlex import quote

from newscrawl.alerts.narrowing import narrowed
from newscrawl.catalogue import active
from newscrawl.catalogue.connection import Transaction
from newscrawl.query.errors import QueryError
from newscrawl.query.limits import ACCEPTED
from newscrawl.query.parse import parse

DAMAGED = "the papers that it is narrowed to cannot be read"


@dataclass(frozen=True, slots=True)
class Unread:
    """A subscription that matches nothing until its query is written anew."""

    person: str
    name: str
    reason: str

    @property
    def what(self) -> str:
        """What is wrong."""
        return f"passed over, its query cannot be read: {self.reason}"

    @property
    def remedy(self) -> str:
        """What to do next."""
        return (
            "write it anew: "
            f"`newscrawl subscriptions remove {quote(self.name)} --person {quote(self.person)}`, "
            "then `newscrawl subscribe`"
        )

    @property
    def says(self) -> str:
        """Both, in a line."""
        return f"{self.what}: {self.remedy}"

    def __str__(self) -> str:
        return f"{self.person}: {self.name}: {self.says}"


def fault(query: str, papers: Sequence[str] | None) -> str | None:
    """Why a subscription cannot be read; None where it can. `papers`: None where they cannot."""
    if papers is None:
        return DAMAGED
    try:
        parse(narrowed(query, papers), ACCEPTED)
    except QueryError as error:
        return error.reason
    return None


def every(view: Transaction) -> Iterator[Unread]:
    """All active ones; every query is read for it, a few thousand in a second."""
    faults = {
        each.id: reason
        for each in active.everything(view)
        if (reason := fault(each.query, each.papers))
    }
    yield from named(view, faults)


def named(view: Transaction, faults: Mapping[int, str]) -> Iterator[Unread]:
    """Those of these numbers, with the reason that is given for each."""
    for number, (person, name) in active.names(view, faults).items():
        yield Unread(person, name, faults[number])
