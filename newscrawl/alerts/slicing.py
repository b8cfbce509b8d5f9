"""What has fired, cut so that each piece is written in a moment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from newscrawl.alerts.firing import Fired

Owners = Callable[[Collection[int]], Mapping[int, int]]
"""Of subscriptions the person of each."""


def slices(found: Iterable[Fired], most: int, owners: Owners) -> Iterator[list[Fired]]:
    """The same in its order, in pieces of at most `most` matches; one at least, which may be empty.

    What one person's subscriptions make of a version stays together, also where that is more: which
    of them tells it is decided there.
    """
    piece: list[Fired] = []
    count = 0
    for part in (part for each in found for part in _parts(each, most, owners)):
        if piece and count + len(part.subscriptions) > most:
            yield piece
            piece, count = [], 0
        piece.append(part)
        count += len(part.subscriptions)
    yield piece


def _parts(fired: Fired, most: int, owners: Owners) -> Iterator[Fired]:
    if len(fired.subscriptions) <= most:
        yield fired
        return
    owner = owners(fired.subscriptions)
    part: list[int] = []
    mine = sorted(
        (each for each in fired.subscriptions if each in owner), key=lambda each: owner[each]
    )
    for _person, some in groupby(mine, owner.__getitem__):
        asked = list(some)
        if part and len(part) + len(asked) > most:
            yield replace(fired, subscriptions=sorted(part))
            part = []
        part += asked
    if part:
        yield replace(fired, subscriptions=sorted(part))
