"""Reading one edition: what its index lists, what could not be had, and what it came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from newscrawl.catalogue import editions, entries
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.editions import FormerPage, ListedPage
from newscrawl.catalogue.entries import Entry, Wanted
from newscrawl.catalogue.tally import Tally, missing_of, tally_of
from newscrawl.ops.leftovers import Leftovers
from newscrawl.ops.session import Session
from newscrawl.text.dates import iso

EMPTY_SHARE = 1 / 3
"""A larger share of pages without any article is a change of layout, not advertising."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the reading of an edition came to."""

    state: str
    """complete, incomplete, failed or none."""
    line: str
    tally: Tally
    reasons: list[tuple[str, str]]
    """`(URL, reason)` of everything that could not be had."""

    @property
    def good(self) -> bool:
        return self.state in ("complete", "none")


class EditionReading:
    """One run's reading of one edition. Use `begin`; all writes go through the session."""

    def __init__(self, session: Session, day: str, url: str, edition: int, *, again: bool) -> None:
        self.session = session
        self.day = day
        self.url = url
        self._edition = edition
        self._again = again
        self._none = False
        self._broken = False
        self._partial = False
        self._listed_pages = 0
        self._empty_pages = 0
        self._leftovers = Leftovers()
        self._unlisted: list[tuple[str, str]] = []
        self._reasons: list[tuple[str, str]] = []

    @classmethod
    async def begin(cls, session: Session, day: str, url: str, *, again: bool) -> EditionReading:
        """Open the edition in the catalogue; `again`: fetch also what is held."""
        paper, now = session.paper, _now()
        edition = await session.write(lambda tx: editions.open_edition(tx, paper, day, url, now))
        return cls(session, day, url, edition, again=again)

    async def list_pages(self, pages: Sequence[ListedPage]) -> list[FormerPage]:
        """The index names these pages; returns those that it named once and names no more."""
        self._listed_pages = len(pages)

        def work(tx: Transaction) -> tuple[list[FormerPage], list[Wanted]]:
            editions.list_pages(tx, self._edition, pages)
            former = editions.former_pages(tx, self._edition, [page.code for page in pages])
            return former, entries.wanting(tx, self._edition)

        former, wanting = await self.session.write(work)
        self._leftovers = Leftovers(wanting)
        return former

    async def read_page(
        self, code: str, image_url: str | None, listed: Sequence[Entry]
    ) -> list[Wanted]:
        """A page lists these; returns what is to be fetched of it, and of what it listed once."""
        self._empty_pages += not listed

        def work(tx: Transaction) -> list[Wanted]:
            wanted = entries.list_entries(tx, self._edition, listed, _now(), again=self._again)
            editions.page_read(tx, self._edition, code, image_url)
            return wanted

        wanted = await self.session.write(work)
        return self._leftovers.beside(wanted) + self.left_of(code)

    def left_of(self, code: str) -> list[Wanted]:
        """Articles of a page that earlier readings did not get and this one has not listed."""
        return self._leftovers.take(code)

    async def list_more(self, listed: Sequence[Entry]) -> list[Wanted]:
        """Pictures that an article shows; returns those to be fetched."""
        return await self.session.write(
            lambda tx: entries.list_entries(tx, self._edition, listed, _now(), again=self._again)
        )

    async def images_wanted(self, page: str) -> list[Entry]:
        """Pictures of a page's held articles that an earlier run did not get."""
        return await self.session.write(lambda tx: entries.images_wanted(tx, self._edition, page))

    def hold(self, url: str) -> None:
        """A picture is archived."""
        paper, day = self.session.paper, self.day
        self.session.submit(lambda tx: entries.entry_held(tx, paper, day, url))

    def miss_page(self, code: str, url: str, reason: str) -> None:
        """A page could not be read this time, whatever is held of it."""
        self._partial = True
        self._reasons.append((url, reason))
        self.session.submit(lambda tx: editions.page_failed(tx, self._edition, code))

    async def lose_page(self, code: str, url: str, reason: str) -> None:
        """The site does not have a page that the index names no more: gone the second time."""
        gone = await self.session.write(
            lambda tx: editions.former_page_missing(tx, self._edition, code)
        )
        more = ", and not in the index any more: gone" if gone else ""
        self._reasons.append((url, reason + more))

    def miss(self, url: str, reason: str, *, missing: bool) -> None:
        """A listed article or picture could not be had; `missing`: the site has it no more."""
        self._reasons.append((url, reason))
        paper, day = self.session.paper, self.day
        self.session.submit(
            lambda tx: entries.entry_failed(tx, paper, day, url, reason, missing=missing)
        )

    def note(self, url: str, reason: str) -> None:
        """Something less than everything was had from this URL: the edition is incomplete."""
        self._partial = True
        self._reasons.append((url, reason))

    def unlisted(self, url: str, reason: str) -> None:
        """The list of a page could not be had; its map names the articles, or there are none."""
        self._unlisted.append((url, reason))

    def none(self) -> None:
        """The paper did not appear that day."""
        self._none = True

    def fail(self, url: str, reason: str) -> None:
        """The index itself could not be read."""
        self._broken = True
        self._reasons.append((url, reason))

    async def end(self, *, whole: bool = True) -> Outcome:
        """Count the edition and say how it stands; `whole`: the run came to its own end."""
        tally = await self.session.write(lambda tx: tally_of(tx, self._edition))
        if self._none:
            await self.session.write(lambda tx: editions.no_edition(tx, self._edition))
            line = f"{self.session.title} {self.day}  no edition"
            return Outcome("none", line, tally, [])
        # By what this run has read: what earlier runs hold says nothing of today's layout.
        if self._empty_pages > EMPTY_SHARE * self._listed_pages:
            found = f"{self._empty_pages} of {self._listed_pages} pages without an article"
            self.fail(self.url, found)
        if len(self._unlisted) > EMPTY_SHARE * self._listed_pages:
            self._partial = True  # a map may lack articles
            self._reasons += [each for each in self._unlisted if each not in self._reasons]
        state = self._state(tally)
        captured = (
            whole and not (self._partial or self._broken) and 0 < tally.pages == tally.pages_held
        )
        await self.session.write(
            lambda tx: editions.close_edition(tx, self._edition, state, _now(), captured=captured)
        )
        if state == "incomplete":
            await self._name_missing()
        return Outcome(state, self._line(tally), tally, self._reasons)

    def _line(self, tally: Tally) -> str:
        if self._broken and not tally.pages:
            return f"{self.session.title} {self.day}  index not read"
        return tally.line(self.session.title, self.day)

    def _state(self, tally: Tally) -> str:
        if self._broken:
            return "failed"
        return "complete" if tally.complete and not self._partial else "incomplete"

    async def _name_missing(self) -> None:
        named = {url for url, _reason in self._reasons}
        missing = await self.session.write(lambda tx: missing_of(tx, self._edition))
        self._reasons += [each for each in missing if each[0] not in named]


async def unread_first(session: Session, days: Sequence[date]) -> list[date]:
    """The days in their order, those held whole last: a back-fill that is cut off by its
    deadline goes on where it was, although every edition is read again.
    """
    held = await session.write(lambda tx: editions.complete_days(tx, session.paper))
    return sorted(days, key=lambda day: day.isoformat() in held)


def _now() -> str:
    return iso(datetime.now(UTC))
