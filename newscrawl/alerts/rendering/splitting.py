"""A message in as many parts as a channel's limit asks for."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from newscrawl.alerts.message import Message
from newscrawl.alerts.rendering.dialects import Dialect
from newscrawl.alerts.rendering.inert import inert
from newscrawl.alerts.rendering.layout import NAME, TITLE_HEADLINE, Layout, tidied, title
from newscrawl.alerts.rendering.phrases import PHRASES

Measure = Callable[[str], int]


def in_bytes(text: str) -> int:
    return len(text.encode())


def in_characters(text: str) -> int:
    """As those count that think in UTF-16: 𠮷 is two."""
    return len(text.encode("utf-16-le")) // 2


def in_escaped(text: str) -> int:
    """Bytes of a text inside JSON that is all ASCII, as some libraries send it: 杭 is six."""
    return len(json.dumps(text)) - 2


@dataclass(frozen=True, slots=True)
class Part:
    """What is sent at once."""

    title: str
    """One line, without anything that could be markup anywhere."""
    body: str
    """Empty where all its articles were taken down since it was divided."""
    numbers: tuple[int, ...] = ()
    """Of its articles."""


def parts(message: Message, dialect: Dialect, limit: int, measure: Measure) -> list[Part]:
    """The message in parts, each with its title, a line break and its body within the limit.

    Divided between articles, as it was before where it was sent before; one that is too long by
    itself is cut with …. Raises ValueError for a limit that not even the shortest fits into.
    """
    message = tidied(message)
    layout = Layout(dialect, PHRASES[message.language])
    most = _most_parts(message)
    titled = _titled(message, limit // 3, measure)
    room = limit - measure(titled(most, most) + dialect.newline)
    foot = layout.foot(message)
    if not 0 < measure(foot) <= room:
        foot = layout.foot(replace(message, query=""))
    feet = [foot] if 0 < measure(foot) <= room else []
    bodies = (_as_before if message.division else _anew)(message, feet, layout, room, measure)
    return [
        Part(titled(number, len(bodies)), body, told)
        for number, (body, told) in enumerate(bodies, start=1)
    ]


_Bodies: TypeAlias = list[tuple[str, tuple[int, ...]]]
"""The text of each part, and the numbers of its articles."""


def _most_parts(message: Message) -> int:
    return max(len(message.items) + 1, len(message.division))


def _anew(
    message: Message, feet: list[str], layout: Layout, room: int, measure: Measure
) -> _Bodies:
    gap = layout.dialect.newline * 2
    blocks = [*(layout.fitted(item, room, measure) for item in message.items), *feet]
    numbers = [item.number for item in message.items]
    groups = packed([measure(block) for block in blocks], room, measure(gap))
    return [
        (gap.join(blocks[place] for place in group), tuple(numbers[group.start : group.stop]))
        for group in groups
    ]


def _as_before(
    message: Message, feet: list[str], layout: Layout, room: int, measure: Measure
) -> _Bodies:
    """Where the articles of a part have grown out of the room since, each gets its share."""
    gap = layout.dialect.newline * 2
    bodies = []
    for part in divided(message, lambda _one: 0, 0):
        blocks = [layout.fitted(item, room, measure) for item in part.items]
        if measure(gap.join(blocks)) > room:
            share = room // len(blocks) - measure(gap)
            blocks = [layout.fitted(replace(item, also=()), share, measure) for item in part.items]
        bodies.append(blocks)
    if measure(gap.join([*bodies[-1], *feet])) <= room:
        bodies[-1] += feet
    return [(gap.join(body), told) for body, told in zip(bodies, message.division, strict=True)]


def _titled(message: Message, room: int, measure: Measure) -> Callable[[int, int], str]:
    """Gives the title of a part; where there is little room, less of it."""
    most = _most_parts(message)
    kinds = [partial(_title, message, name, about) for name, about in _TITLES]
    return next((kind for kind in kinds if measure(kind(most, most)) <= room), kinds[-1])


def _title(message: Message, name: int, about: int, part: int, of: int) -> str:
    return inert(title(message, part, of, name=name, about=about))


_TITLES = ((NAME, TITLE_HEADLINE), (NAME // 2, TITLE_HEADLINE // 2), (4, 0))


def packed(sizes: Sequence[int], room: int, gap: int = 0) -> list[range]:
    """Places in order, as many together as fit the room; one that does not fit is alone."""
    groups: list[range] = []
    begin = used = 0
    for place, size in enumerate(sizes):
        if place > begin and used + gap + size > room:
            groups.append(range(begin, place))
            begin, used = place, 0
        used += size + (gap if place > begin else 0)
    if begin < len(sizes):
        groups.append(range(begin, len(sizes)))
    return groups


def divided(message: Message, size: Callable[[Message], int], room: int) -> list[Message]:
    """The message as several with the same key, each of some of its articles in order: as it was
    divided before, where it was; one may be without any then.
    """
    if message.division:
        told = {item.number: item for item in message.items}
        return [
            replace(message, items=tuple(told[number] for number in part if number in told))
            for part in message.division
        ]
    sizes = [size(replace(message, items=(item,))) for item in message.items]
    groups = packed(sizes, room)
    if len(groups) <= 1:
        return [message]
    return [replace(message, items=message.items[group.start : group.stop]) for group in groups]
