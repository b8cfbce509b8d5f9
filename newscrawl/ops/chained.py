"""The sealed days in the order of their chain: each head follows from the one before.

That is the order of the days, but where a clock was ahead: a manifest of a day that was yet to come
stays where it is, and the days that were over since follow it.
"""

from __future__ import annotations

from collections.abc import Iterable

from newscrawl.archive.manifest import Before, head
from newscrawl.catalogue import manifests
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.manifests import SealedDay


def every(view: Transaction) -> list[SealedDay]:
    """All of them, the first of the chain first."""
    return in_order(manifests.every(view))


def newest(view: Transaction) -> SealedDay | None:
    """The last of the chain."""
    return next(reversed(every(view)), None)


def in_order(days: Iterable[SealedDay]) -> list[SealedDay]:
    """Days that are given by date, as each follows from another; where none does, by date."""
    left = {each.day: each for each in days}
    found: list[SealedDay] = []
    before: Before | None = None
    while left:
        following = (day for day, each in left.items() if _follows(each, before))
        each = left.pop(next(following, None) or next(iter(left)))
        found.append(each)
        before = Before(each.day, each.head)
    return found


def _follows(sealed: SealedDay, before: Before | None) -> bool:
    return head(sealed.day, sealed.root, before) == sealed.head
