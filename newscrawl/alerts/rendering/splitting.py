"""A message in as many parts as a channel's limit asks for."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

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


def parts(message: Message, dialect: Dialect, limit: int, measure: Measure) -> list[Part]:
    """The message in parts, each with its title, a line break and its body within the limit.

    Divided between articles; one that is too long by itself is cut with …. Raises ValueError for a
    limit that not even the shortest article fits into.
    """
    message = tidied(message)
    layout = Layout(dialect, PHRASES[message.language])
    most = len(message.items) + 1
    titled = _titled(message, limit // 3, measure)
    room = limit - measure(titled(most, most) + dialect.newline)
    blocks = [layout.fitted(item, room, measure) for item in message.items]
    foot = layout.foot(message)
    if not 0 < measure(foot) <= room:
        foot = layout.foot(replace(message, query=""))
    if 0 < measure(foot) <= room:
        blocks.append(foot)
    gap = dialect.newline * 2
    groups = packed([measure(block) for block in blocks], room, measure(gap))
    return [
        Part(titled(number, len(groups)), gap.join(blocks[place] for place in group))
        for number, group in enumerate(groups, start=1)
    ]


def _titled(message: Message, room: int, measure: Measure) -> Callable[[int, int], str]:
    """Gives the title of a part; where there is little room, less of it."""
    most = len(message.items) + 1
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
    """The message as several with the same key, each of some of its articles in order."""
    sizes = [size(replace(message, items=(item,))) for item in message.items]
    groups = packed(sizes, room)
    if len(groups) <= 1:
        return [message]
    return [replace(message, items=message.items[group.start : group.stop]) for group in groups]
