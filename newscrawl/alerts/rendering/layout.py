"""How an article and what belongs to a message are laid out, in any dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from newscrawl.alerts.message import Item, Message
from newscrawl.alerts.rendering.dialects import Dialect
from newscrawl.alerts.rendering.inert import cleaned, line, link, shortened
from newscrawl.alerts.rendering.phrases import PHRASES, Phrases
from newscrawl.query.highlight import Passage

HEADLINE = 400
PASSAGE = 4_000
NAME = 60
"""Characters that are shown of each at most, whatever a page has."""
PAPERS = 12
KEY = 8
"""Characters of a key that are shown: enough to tell one message from another."""
TITLE_HEADLINE = 40
_BULLET = "■ "
_INDENT = "\u3000\u3000"


def tidied(message: Message) -> Message:
    """Every text on one line and of a bounded length, every link one that can be nothing else."""
    return replace(
        message,
        subscription=line(message.subscription, NAME),
        query=line(message.query, HEADLINE),
        items=tuple(map(_tidied, message.items)),
        unsubscribe=link(message.unsubscribe),
        feed=link(message.feed),
    )


def _tidied(item: Item) -> Item:
    return Item(
        headline=shortened(cleaned(item.headline), HEADLINE),
        paper=line(item.paper, NAME),
        page=line(item.page, NAME),
        time=line(item.time, NAME),
        passage=shortened(cleaned(item.passage), PASSAGE),
        snapshot=link(item.snapshot),
        original=link(item.original),
        kind=item.kind,
        also=tuple(line(paper, NAME) for paper in item.also),
        number=item.number,
        story=link(item.story),
    )


def title(
    message: Message,
    part: int = 1,
    parts: int = 1,
    *,
    name: int = NAME,
    about: int = TITLE_HEADLINE,
) -> str:
    """One line of what it is about: the headline of a single article, or how many there are.

    Of the subscription's name and of a headline, so many characters at most.
    """
    phrases = PHRASES[message.language]
    if len(message.items) == 1:
        what = shortened(message.items[0].headline, about).text
    else:
        what = phrases.articles(len(message.items))
    said = phrases.colon.join(filter(None, (line(message.subscription, name), what)))
    return said + (phrases.part.format(part, parts) if parts > 1 else "")


@dataclass(frozen=True, slots=True)
class Layout:
    """Writes what `tidied` has left of a message."""

    dialect: Dialect
    phrases: Phrases

    def item(self, item: Item) -> str:
        """An article: headline, where and when, passage, the other papers, links."""
        return self.dialect.newline.join(filter(None, self._lines(item)))

    def _lines(self, item: Item) -> Iterator[str]:
        yield _BULLET + self.dialect.marked(item.headline)
        where = (item.paper, item.page, item.time, self.phrases.kinds[item.kind])
        yield " · ".join(self.dialect.text(text) for text in where if text)
        if item.passage.text.strip():
            yield _INDENT + self.dialect.marked(item.passage)
        if item.also:
            yield self._also(item.also)
        links = (
            (self.phrases.snapshot, item.snapshot),
            (self.phrases.original, item.original),
            (self.phrases.story, item.story),
        )
        yield self._links(links)

    def _also(self, papers: tuple[str, ...]) -> str:
        named = self.phrases.comma.join(self.dialect.text(paper) for paper in papers[:PAPERS])
        more = "…" if len(papers) > PAPERS else ""
        return f"{self.phrases.papers(len(papers))}{self.phrases.colon}{named}{more}"

    def _links(self, links: tuple[tuple[str, str], ...]) -> str:
        written = [self.dialect.link(label, url) for label, url in links if url]
        return self.dialect.between.join(written)

    def foot(self, message: Message) -> str:
        """What is missing, what was asked for, the links of the subscription, and the number by
        which a message that comes twice is known.
        """
        query = f"{self.phrases.query}{self.phrases.colon}{self.dialect.text(message.query)}"
        links = (
            (self.phrases.feed, message.feed),
            (self.phrases.unsubscribe, message.unsubscribe),
        )
        older = self.phrases.older(message.left_out) if message.left_out else ""
        number = f"{self.phrases.number} {message.key[:KEY]}" if message.key else ""
        lines = list(filter(None, (older, query if message.query else "", self._links(links))))
        return self.dialect.newline.join(filter(None, (*lines, number if lines else "")))

    def rest(self, count: int, feed: str) -> Iterator[str]:
        """How many articles are not listed, and where they are read, and then less of it."""
        said = self.phrases.rest.format(count)
        if feed:
            link = self.dialect.link(self.phrases.feed, feed)
            yield f"{said}{self.phrases.rest_in_feed}{link}"
        else:
            yield said + self.phrases.rest_by_search
        yield said

    def fitted(self, item: Item, room: int, measure: Callable[[str], int]) -> str:
        """The article in no more than the room: less and less of it, cut with …, until it fits.

        Raises ValueError where not even the beginning of a headline fits.
        """

        def fits(one: Item) -> bool:
            return measure(self.item(one)) <= room

        if fits(item):
            return self.item(item)
        for shorter, cut, length in _ever_shorter(item):
            least, most = 0, length
            if not fits(cut(shorter, least)):
                continue
            while least < most:  # what `least` leaves always fits
                middle = (least + most + 1) // 2
                least, most = (middle, most) if fits(cut(shorter, middle)) else (least, middle - 1)
            return self.item(cut(shorter, least))
        raise ValueError(f"no article fits into {room}")


_Cut = Callable[[Item, int], Item]


def _ever_shorter(item: Item) -> Iterator[tuple[Item, _Cut, int]]:
    """What may be left out of an article, with what is cut then and how long that is."""
    yield item, _cut_passage, len(item.passage.text)
    length = len(item.headline.text)
    item = replace(item, passage=Passage(""), also=(), story="")
    yield item, _cut_headline, length
    item = replace(item, original="" if item.snapshot else item.original)
    yield item, _cut_headline, length
    item = replace(item, snapshot="", original="", paper="", page="", time="")
    yield item, _cut_headline, length


def _cut_passage(item: Item, length: int) -> Item:
    return replace(item, passage=shortened(item.passage, length))


def _cut_headline(item: Item, length: int) -> Item:
    return replace(item, headline=shortened(item.headline, length))
