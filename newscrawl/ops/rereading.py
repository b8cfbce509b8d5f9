"""What an edition that is held is found to have become, while it is read again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from newscrawl import settings
from newscrawl.catalogue import entries, rereadings, sightings, twins
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.entries import Entry
from newscrawl.catalogue.sightings import Missed
from newscrawl.catalogue.twins import Standing
from newscrawl.items import Article
from newscrawl.ops.session import Session
from newscrawl.text.address import address
from newscrawl.text.dates import iso
from newscrawl.text.sameness import Text, same_article

MOST_GONE = 1 / 3
"""A larger share of an edition's articles, gone or unreadable at once, is a fault of the site."""
REPLACED = "another article stands at its address"


@dataclass(frozen=True, slots=True)
class Reread:
    """What the reading of held articles came to."""

    line: str = ""
    """For the edition's line; empty where nothing was to be read again."""
    reasons: tuple[tuple[str, str], ...] = ()
    """`(URL, reason)` of what is gone, or may be."""
    sound: bool = True
    """Whether the site can be believed."""


class Rereading:
    """One reading of one edition, as far as it concerns what is held.

    Whatever is gone is written down at the end: of an edition of which much is gone or cannot be
    read at once, nothing is, for that is a fault of the site.
    """

    def __init__(self, session: Session, day: str, url: str, edition: int, *, again: bool) -> None:
        """`again`: what is held is read again; else only what is new may be something moved."""
        self.again = again
        self._session = session
        self._day = day
        self._url = url
        self._edition = edition
        self._began = iso(datetime.now(UTC))
        self._named: set[str] = set()
        self._read: set[str] = set()
        self._listed: set[str] = set()
        self._missed: dict[str, Missed] = {}
        self._unreadable = 0

    def index(self, pages: Iterable[str]) -> None:
        """The index names these pages."""
        self._named |= set(pages)

    def list_page(self, code: str, listed: Iterable[Entry]) -> None:
        """A page's lists name these articles."""
        self._read.add(code)
        self._listed |= {entry.address for entry in listed}

    async def held_at(self, url: str) -> Standing | None:
        """The article that is held of an address, where it is read again."""
        if not self.again:
            return None
        return await self._session.write(lambda tx: twins.held_at(tx, url))

    def miss(self, held: Standing, url: str, reason: str, record_id: str) -> None:
        """A held article is not at its address any more, as a capture shows."""
        now = iso(datetime.now(UTC))
        self._missed[address(url)] = Missed(held.article_id, now, reason, record_id, url)

    def unreadable(self) -> None:
        """An answer for a held article says nothing of it."""
        self._unreadable += 1

    async def formerly(self, article: Article, held: Standing | None, url: str) -> str | None:
        """The id under which an article is held that now is at another place; empty for a new one.

        None where that cannot be told before all lists, and what they name, were read. `held` is
        what is known to be at its address, `url` the address asked for.
        """
        read = Text(article.headline, article.body)
        if held is not None and same_article(held.text, read):
            return held.article_id if address(article.url) != address(url) else ""
        if held is not None:
            self.miss(held, url, REPLACED, article.record_id)
        there = held.article_id if held is not None else ""
        twin = await self._session.write(lambda tx: twins.twin_of(tx, article, there))
        if twin is None:
            return ""
        lost = self._is_lost(twin)
        return None if lost is None else twin.article_id if lost else ""

    async def end(self, *, whole: bool) -> Reread:
        """Write down what is gone, unless that is too much; `whole`: it came to its own end."""
        if not self._read:
            return Reread()
        await self._session.write(lambda tx: entries.forget_moved(tx, self._edition, self._listed))
        if not self.again:
            return Reread()
        for missed in self._missed.values():
            await self._session.durable(missed.record_id)
        reread = await self._session.write(self._judge)
        if whole and reread.sound:
            await self._session.write(
                lambda tx: rereadings.note(tx, self._edition, iso(datetime.now(UTC)))
            )
        return reread

    def _is_lost(self, twin: Standing) -> bool | None:
        """Whether an article is not at its place any more; None where that is open."""
        place = address(twin.place.url)
        if place in self._missed:
            return True
        if place not in self._listed:
            known = twin.place.page in self._read or twin.place.page not in self._named
            return True if known else None
        return False if twin.read >= self._began or not self.again else None

    def _judge(self, tx: Transaction) -> Reread:
        missed = [each for each in self._missed.values() if _is_there(tx, each)]
        newly = [each for each in missed if not sightings.is_gone(tx, each.article_id)]
        seen = sightings.counted(tx, self._session.paper, self._day, self._began)["seen"]
        asked = seen + len(missed) + self._unreadable
        if len(newly) + self._unreadable > MOST_GONE * asked:
            said = (
                f"of {asked} articles {len(newly)} gone and {self._unreadable} unreadable at once: "
                "a fault of the site; none counts as gone. The next reading looks again"
            )
            return Reread(self._line(tx, asked, 0), ((self._url, said),), sound=False)
        minutes = settings.WITHDRAWN_MINUTES
        replaced = list(self._replaced(tx))
        every = [*missed, *replaced]
        certain = {each.article_id: sightings.gone(tx, each, minutes) for each in every}
        reasons = tuple(
            (each.url, each.reason + (": gone" if certain[each.article_id] else _once(minutes)))
            for each in (*newly, *replaced)
        )
        return Reread(self._line(tx, asked, sum(not each for each in certain.values())), reasons)

    def _replaced(self, tx: Transaction) -> Iterator[Missed]:
        """What was not at its address in an earlier reading, for another article was; as it is
        still. Nobody asks for it any more: the address belongs to the other one.
        """
        for each in sightings.suspected(tx, self._session.paper, self._day):
            there = twins.held_at(tx, each.url)
            another = there is not None and there.article_id != each.article_id
            if there and another and each.seen_at < self._began <= there.read:
                yield replace(each, seen_at=there.read)

    def _line(self, tx: Transaction, asked: int, once: int) -> str:
        """`re-read 90: 1 edited, 2 moved, 4 gone, 0 back, 3 unreadable`."""
        found = sightings.counted(tx, self._session.paper, self._day, self._began)
        counts = [f"{found.get(state, 0)} {state}" for state in sightings.STATES]
        counts += [f"{once} perhaps gone"] if once else []
        return f"  re-read {asked}: {', '.join(counts)}, {self._unreadable} unreadable"


def _is_there(tx: Transaction, missed: Missed) -> bool:
    """Whether that is where the article should be: it may have been found elsewhere since."""
    return address(sightings.place_of(tx, missed.article_id).url) == address(missed.url)


def _once(minutes: float) -> str:
    when = f", {minutes:g} minutes or more from now," if minutes else ""
    return f": perhaps gone; certain when a next reading{when} finds the same"
