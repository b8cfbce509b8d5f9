"""Areas of an image map, in percent, so that they fit the image at every size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from newscrawl.items import Point


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of an image in pixels, both positive."""

    width: float
    height: float

    @classmethod
    def of(cls, width: str | None, height: str | None, otherwise: Self) -> Self:
        """The size that an image's attributes give; `otherwise` unless both are pixels."""
        found = [_PIXELS.fullmatch(text or "") for text in (width, height)]
        numbers = [float(match[1]) for match in found if match]
        return cls(*numbers) if len(numbers) == 2 and all(numbers) else otherwise


def polygon(coords: str | None, size: Size) -> tuple[Point, ...]:
    """The corners that `coords` of an `<area>` names, in percent of `size`, two decimals.

    Four numbers are a rectangle: its corners clockwise from the top left. An even number from
    six on are the corners themselves. All else gives no corner.
    """
    numbers = [float(number) for number in _NUMBER.findall(coords or "")]
    if len(numbers) == 4:
        (left, right), (top, bottom) = sorted(numbers[::2]), sorted(numbers[1::2])
        numbers = [left, top, right, top, right, bottom, left, bottom]
    if len(numbers) < 6 or len(numbers) % 2:
        return ()
    xs, ys = numbers[::2], numbers[1::2]
    return tuple(
        (_percent(x, size.width), _percent(y, size.height)) for x, y in zip(xs, ys, strict=True)
    )


def _percent(pixels: float, whole: float) -> float:
    return round(min(max(100 * pixels / whole, 0.0), 100.0), 2)


_PIXELS = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*(?:px)?\s*", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,6}(?:\.\d{1,6})?")
