"""Reading one edition: what its index lists, what could not be had, and what it came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from newscrawl.catalogue import editions, entries, rereadings
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.editions import FormerPage, ListedPage
from newscrawl.catalogue.entries import Entry, Wanted
from newscrawl.catalogue.tally import Tally, missing_of, tally_of
from newscrawl.ops.leftovers import Leftovers
from newscrawl.ops.rereading import Rereading
from newscrawl.ops.session import Session
from newscrawl.text.address import address
from newscrawl.text.dates import iso

EMPTY_SHARE = 1 / 3
"""A larger share of pages without any article is a change of layout, not advertising."""
SUSPECTED = timedelta(days=30)
"""For which an edition is read again because an article of it is perhaps gone: then it may be gone
itself.
"""


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

    def __init__(
        self,
        session: Session,
        day: str,
        url: str,
        edition: int,
        *,
        again: bool,
        pictures: bool,
        pictures_again: bool,
    ) -> None:
        self.session = session
        self.day = day
        self.url = url
        self._edition = edition
        self._again = again
        self._pictures = pictures
        self._pictures_again = pictures_again
        self.held = Rereading(session, day, url, edition, again=again)
        """What becomes of the articles that are held."""
        self.page_names: dict[str, str] = {}
        self._none = ""
        self._unread = False
        self._changed = False
        self._partial = False
        self._listed_pages = 0
        self._empty_pages = 0
        self._leftovers = Leftovers()
        self._unlisted: list[tuple[str, str]] = []
        self._reasons: list[tuple[str, str]] = []

    @classmethod
    async def begin(
        cls,
        session: Session,
        day: str,
        url: str,
        *,
        again: bool,
        pictures: bool,
        pictures_again: bool,
    ) -> EditionReading:
        """Open the edition in the catalogue.

        `again`: fetch also articles that are held; `pictures`: those are wanted, too;
        `pictures_again`: also those that are held.
        """
        paper, now = session.paper, _now()
        edition = await session.write(lambda tx: editions.open_edition(tx, paper, day, url, now))
        return cls(
            session,
            day,
            url,
            edition,
            again=again,
            pictures=pictures,
            pictures_again=pictures_again,
        )

    async def list_pages(self, pages: Sequence[ListedPage]) -> list[FormerPage]:
        """The index names these pages; returns those that it named once and names no more."""
        self._listed_pages = len(pages)
        self.page_names = {page.code: page.name for page in pages}
        self.held.index(self.page_names)

        def work(tx: Transaction) -> tuple[list[FormerPage], list[Wanted]]:
            editions.list_pages(tx, self._edition, pages)
            former = editions.former_pages(tx, self._edition, [page.code for page in pages])
            held = entries.held(tx, self._edition) if self._again else []
            return former, entries.wanting(tx, self._edition) + held

        former, wanting = await self.session.write(work)
        self._leftovers = Leftovers(wanting)
        return former

    async def read_page(
        self, code: str, image_url: str | None, listed: Sequence[Entry], record_id: str = ""
    ) -> list[Wanted]:
        """A page lists these, by the capture that has their labels; returns what is to be fetched
        of it, and of what it listed once.
        """
        self._empty_pages += not listed
        self.held.list_page(code, listed)

        def work(tx: Transaction) -> list[Wanted]:
            self.session.shun_listed(tx, listed, record_id)
            wanted = entries.list_entries(tx, self._edition, listed, _now(), again=self._again)
            editions.page_read(tx, self._edition, code, image_url)
            return wanted

        wanted = await self.session.write(work)
        return self._leftovers.beside(wanted) + self.left_of(code)

    def left_of(self, code: str) -> list[Wanted]:
        """Articles of a page that this reading has not listed: those that earlier ones did not
        get, and where what is held is read again, those that they got.
        """
        return self._leftovers.take(code)

    async def list_more(self, listed: Sequence[Entry]) -> list[Wanted]:
        """Pictures that an article shows; returns those to be fetched."""
        return await self.session.write(
            lambda tx: entries.list_entries(
                tx, self._edition, listed, _now(), again=self._pictures_again
            )
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

    def none(self, reason: str) -> None:
        """The paper did not appear that day; or, where it is held, the index was lost: why."""
        self._none = reason

    def fail(self, url: str, reason: str) -> None:
        """The index itself could not be read."""
        self._unread = True
        self._reasons.append((url, reason))

    async def end(self, *, whole: bool = True) -> Outcome:
        """Count the edition and say how it stands; `whole`: the run came to its own end."""
        reread = await self.held.end(whole=whole)
        self._reasons[:0] = reread.reasons
        self._partial = self._partial or not reread.sound
        tally = await self.session.write(lambda tx: tally_of(tx, self._edition))
        if self._none and not tally.pages:
            await self.session.write(lambda tx: editions.no_edition(tx, self._edition))
            return Outcome("none", f"{self._head}no edition", tally, [])
        if self._none:
            self.fail(self.url, self._none)
        else:
            self._judge_layout()
        state = self._state(tally)
        await self._close(state, tally, whole=whole)
        return Outcome(
            state, self._line(tally) + reread.line, tally, await self._all_reasons(state)
        )

    def _judge_layout(self) -> None:
        """By what this run has read: what earlier runs hold says nothing of today's layout."""
        bound = EMPTY_SHARE * self._listed_pages
        if self._empty_pages > bound:
            self._changed = True
            found = f"{self._empty_pages} of {self._listed_pages} pages without an article"
            self._reasons.append((self.url, found))
        if len(self._unlisted) > bound:
            self._partial = True  # a map may lack articles
            self._reasons += [each for each in self._unlisted if each not in self._reasons]

    def _state(self, tally: Tally) -> str:
        if self._unread or self._changed:
            return "failed"
        return "complete" if tally.complete and not self._partial else "incomplete"

    async def _close(self, state: str, tally: Tally, *, whole: bool) -> None:
        if self._none:  # nothing was read of what is held: it stays as it was found before
            return
        read = whole and state != "failed" and not self._partial
        captured = read and 0 < tally.pages == tally.pages_held
        await self.session.write(
            lambda tx: editions.close_edition(tx, self._edition, state, _now(), captured=captured)
        )

    @property
    def _head(self) -> str:
        return f"{self.session.title} {self.day}  "

    def _line(self, tally: Tally) -> str:
        if self._unread:
            return f"{self._head}index not read" + (f"; held: {tally.held}" if tally.pages else "")
        line = tally.line(self.session.title, self.day, pictures=self._pictures)
        return f"{line}  failed" if self._changed else line

    async def _all_reasons(self, state: str) -> list[tuple[str, str]]:
        """This run's, and of what earlier runs missed; without what is known to be gone."""
        gone = await self.session.write(lambda tx: entries.gone(tx, self._edition))
        reasons = [each for each in self._reasons if address(each[0]) not in gone]
        if state != "incomplete":
            return reasons
        named = {url for url, _reason in reasons}
        missing = await self.session.write(lambda tx: missing_of(tx, self._edition))
        return reasons + [each for each in missing if each[0] not in named]


async def unread_first(session: Session, days: Sequence[date]) -> list[date]:
    """The days in their order, those held whole last: a back-fill that is cut off by its
    deadline goes on where it was, although every edition is read again.
    """
    held = await session.write(lambda tx: editions.complete_days(tx, session.paper))
    return sorted(days, key=lambda day: day.isoformat() in held)


async def held_to_recheck(session: Session, days: Sequence[date]) -> list[date]:
    """Those of the days whose editions are held, and those of which an article is perhaps gone:
    for as long as it may still be told.

    Where nothing is held, the last of the days: it has to be read anyway.
    """

    def work(tx: Transaction) -> list[date]:
        held = rereadings.held_days(tx, session.paper)
        asked_since = iso(datetime.now(UTC) - SUSPECTED)
        suspected = rereadings.suspected_days(tx, session.paper, asked_since)
        chosen = {day for day in days if day.isoformat() in held}
        return sorted(chosen | {date.fromisoformat(day) for day in suspected})

    return await session.write(work) or list(days[-1:])


def _now() -> str:
    return iso(datetime.now(UTC))
