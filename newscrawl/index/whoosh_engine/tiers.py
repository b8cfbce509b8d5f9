"""Which segments are merged: some of about one size, so that what they become is larger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import TypeVar

Segment = TypeVar("Segment")


def chosen(
    segments: Iterable[Segment], size: Callable[[Segment], int], together: int, most: int
) -> list[Segment]:
    """The segments that are to be merged now; none where all may stay.

    Sizes are told apart by powers of `together`, and so many segments of one size become one of
    the next, of `most` documents at most. Where `most` is twice a power, half of it is a segment
    that stays, and what does not fit in is itself so large that the others become the next size:
    a document is rewritten at most once for every size.
    """
    by_tier: dict[int, list[Segment]] = defaultdict(list)
    for segment in segments:
        by_tier[_tier(size(segment), together)].append(segment)
    for tier, held in sorted(by_tier.items()):
        if len(held) >= together and 2 * together ** (tier + 1) <= most:
            smallest = sorted(held, key=size)[:together]
            fitting = sum(total <= most for total in accumulate(map(size, smallest)))
            return smallest[:fitting]
    return []


def whole(
    segments: Iterable[Segment], size: Callable[[Segment], int], _together: int, most: int
) -> list[Segment]:
    """All segments, where they are several and one merge of `most` documents is enough."""
    held = list(segments)
    return held if len(held) > 1 and sum(map(size, held)) <= most else []


def _tier(documents: int, together: int) -> int:
    tier = 0
    while documents >= together ** (tier + 1):
        tier += 1
    return tier
