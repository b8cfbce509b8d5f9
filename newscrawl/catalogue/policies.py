"""How much of an article's text may go out in an export: decided once, for each paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from newscrawl.catalogue.schema import policies
from newscrawl.errors import UsageError

EXCERPT = 200
"""Characters of an excerpt where no number is given."""
MOST = 100_000
"""Characters of the longest excerpt."""
OTHERS = ""
"""Stands for every paper that has no policy of its own."""

_NAMED = re.compile(r"excerpt-([1-9][0-9]{0,5})")


@dataclass(frozen=True, slots=True)
class Policy:
    """How much of an article's text goes out; its headings and metadata always do."""

    characters: int | None
    """From the beginning of the text; None: all of it, and the pages themselves."""

    @classmethod
    def named(cls, name: str) -> Policy:
        """`full`, `metadata`, `excerpt` or `excerpt-N`. Raises UsageError for any other name."""
        if name in _KNOWN:
            return _KNOWN[name]
        found = _NAMED.fullmatch(name)
        if found and int(found[1]) <= MOST:
            return cls(int(found[1]))
        raise UsageError(
            f"policy {name!r}: must be full, metadata, excerpt ({EXCERPT} characters) or "
            f"excerpt-N, N up to {MOST:,}"
        )

    @property
    def name(self) -> str:
        """By which `named` knows it."""
        if self.characters is None:
            return "full"
        return f"excerpt-{self.characters}" if self.characters else "metadata"

    @property
    def full(self) -> bool:
        return self.characters is None

    def within(self, other: Policy | None) -> Policy:
        """The narrower of the two; itself where there is no other."""
        both = [each for each in (self, other) if each is not None and not each.full]
        return min(both, key=lambda each: each.characters or 0, default=FULL)


FULL, METADATA = Policy(None), Policy(0)
UNDECIDED = Policy(EXCERPT)
"""What goes out until somebody has decided."""
_KNOWN: Mapping[str, Policy] = {
    "full": FULL,
    "metadata": METADATA,
    "excerpt": UNDECIDED,
}


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies of all papers as they stand."""

    own: Mapping[str, Policy]
    """By the spider's name, of the papers that have one of their own."""
    others: Policy | None
    """Of every other paper; None: nobody has decided."""

    def of(self, paper: str) -> Policy:
        """What holds for a paper, by the spider's name."""
        return self.own.get(paper, self.others or UNDECIDED)


def stored(connection: Connection) -> Policies:
    """The policies as they stand."""
    rows = connection.execute(select(policies.c.paper, policies.c.policy))
    held = {paper: Policy.named(name) for paper, name in rows}
    others = held.pop(OTHERS, None)
    return Policies(held, others)


def decide(connection: Connection, papers: Iterable[str], policy: Policy) -> None:
    """Let a policy hold for papers, by the spider's name; OTHERS is one of them."""
    fresh = insert(policies)
    put = fresh.on_conflict_do_update(
        index_elements=["paper"], set_={"policy": fresh.excluded.policy}
    )
    connection.execute(put, [{"paper": paper, "policy": policy.name} for paper in papers])


def withdraw(connection: Connection, papers: Iterable[str]) -> None:
    """Let the policy of the others hold for papers again; for OTHERS that of the undecided."""
    connection.execute(delete(policies).where(policies.c.paper.in_(list(papers))))
