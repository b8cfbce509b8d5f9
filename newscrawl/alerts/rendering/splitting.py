"""A message in as many parts as a channel's limit asks for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from newscrawl.alerts.message import Item, Message
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


def parts(
    message: Message, dialect: Dialect, limit: int, measure: Measure, at_most: int | None = None
) -> list[Part]:
    """The message in parts, each with its title, a line break and its body within the limit.

    Divided between articles, as it was before where it was sent before; one that is too long by
    itself is cut with …. Of more than `at_most` parts the last says how many articles are left out.
    Raises ValueError for a limit that not even the shortest fits into.
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
    page = _Page(layout, room, measure)
    if message.division:
        bodies = _as_before(message, feet, page)
    else:
        bodies = _anew(message, feet, page, at_most)
    return [
        Part(titled(number, len(bodies)), body, told)
        for number, (body, told) in enumerate(bodies, start=1)
    ]


_Bodies: TypeAlias = list[tuple[str, tuple[int, ...]]]
"""The text of each part, and the numbers of its articles."""


def _most_parts(message: Message) -> int:
    return max(len(message.items) + 1, len(message.division))


@dataclass(frozen=True, slots=True)
class _Page:
    """What the body of a part is written on."""

    layout: Layout
    room: int
    measure: Measure

    @property
    def gap(self) -> str:
        return self.layout.dialect.newline * 2

    def size(self, blocks: Sequence[str]) -> int:
        return self.measure(self.gap.join(blocks))

    def fitted(self, item: Item, room: int) -> str:
        return self.layout.fitted(item, room, self.measure)

    def tail(self, message: Message, count: int) -> list[str]:
        """That so many articles are left out, and the foot, as far as there is room for it."""
        if not count:
            return []
        said = self._first(self.layout.rest(count, message.feed), self.room)
        last = replace(message, feed="")
        foots = (self.layout.foot(each) for each in (last, replace(last, query="")))
        foot = self._first(foots, self.room - self.size([said, ""]))
        return [each for each in (said, foot) if each]

    def _first(self, texts: Iterable[str], room: int) -> str:
        """That fits; empty where none does."""
        return next((text for text in texts if self.measure(text) <= room), "")


def _anew(message: Message, feet: list[str], page: _Page, at_most: int | None) -> _Bodies:
    blocks = [page.fitted(item, page.room) for item in message.items]
    sizes = [page.measure(block) for block in (*blocks, *feet)]
    groups = packed(sizes, page.room, page.measure(page.gap))
    numbers = [item.number for item in message.items]
    if at_most is None or len(groups) <= at_most:
        written = [*blocks, *feet]
        bodies = [written[group.start : group.stop] for group in groups]
    else:
        groups = packed(sizes[: len(blocks)], page.room, page.measure(page.gap))[:at_most]
        bodies = [blocks[group.start : group.stop] for group in groups]
        begin = groups[-1].start
        bodies[-1], stop = _shortened(message, blocks[begin : groups[-1].stop], begin, feet, page)
        numbers = numbers[:stop]
    told = [tuple(numbers[group.start : group.stop]) for group in groups]
    return [(page.gap.join(body), part) for body, part in zip(bodies, told, strict=True)]


def _shortened(
    message: Message, last: list[str], begin: int, feet: list[str], page: _Page
) -> tuple[list[str], int]:
    """The last part that may be, of articles from `begin` on, with its tail: fewer of them, or a
    shorter one. And where they end.
    """
    count = len(message.items) - begin
    for length in range(len(last), 0, -1):
        tail = page.tail(message, count - length) or feet
        if page.size([*last[:length], *tail]) <= page.room:
            return [*last[:length], *tail], begin + length
    try:
        only = page.fitted(message.items[begin], page.room - page.size(["", *tail]))
    except ValueError:
        return page.tail(message, count), begin
    return [only, *tail], begin + 1


def _as_before(message: Message, feet: list[str], page: _Page) -> _Bodies:
    """Where the articles of a part have grown out of the room since, each gets its share."""
    listed = {number for part in message.division for number in part}
    tail = page.tail(message, sum(item.number not in listed for item in message.items)) or feet
    *made, last = divided(message, lambda _one: 0, 0)
    bodies = [_blocks(part, page, page.room) for part in made]
    try:
        bodies.append([*_blocks(last, page, page.room - page.size(["", *tail])), *tail])
    except ValueError:
        bodies.append(_blocks(last, page, page.room))
    told = message.division
    return [(page.gap.join(body), part) for body, part in zip(bodies, told, strict=True)]


def _blocks(part: Message, page: _Page, room: int) -> list[str]:
    blocks = [page.fitted(item, room) for item in part.items]
    if page.size(blocks) <= room:
        return blocks
    share = room // len(blocks) - page.measure(page.gap)
    return [page.fitted(replace(item, also=()), share) for item in part.items]


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
