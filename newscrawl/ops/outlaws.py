"""What a run archives nothing of: addresses of what was erased."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from newscrawl.catalogue import covered, tombstones
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.entries import Entry
from newscrawl.catalogue.withdrawn import Tombstone, address_mark
from newscrawl.items import Article
from newscrawl.text.address import address
from newscrawl.text.traces import Traces


@dataclass(slots=True)
class Outlaws:
    """As they were when a run began, and what it has learned since. For the thread that
    records; what it has learned others may ask.
    """

    _marks: set[str] = field(default_factory=set)
    _prefixes: tuple[str, ...] = ()
    met: dict[str, Traces] = field(default_factory=dict)
    """By tombstone, what this run has come upon."""

    @classmethod
    def of(cls, view: Transaction) -> Self:
        marks, prefixes = covered.erased_addresses(view)
        return cls(marks, prefixes)

    def meet(self, tx: Transaction, article: Article) -> None:
        """An article turned out to be erased: so is what is at its addresses."""
        self._marks.update(
            map(address_mark, [article.url, *(image.url for image in article.images)])
        )
        headings = [article.headline, article.kicker, article.subhead]
        captions = [image.caption for image in article.images]
        self._note(tx, article.url, Traces.of([*headings, *captions], [article.body]))

    def meet_listed(self, tx: Transaction, listed: Iterable[Entry], record_id: str) -> None:
        """A list that was captured has these, and names by their labels what is erased: it goes,
        also where this run is killed.
        """
        for entry in listed:
            if entry.label and self.cover(entry.url):
                tombstone = self._note(tx, entry.url, Traces.of([entry.label], []))
                if tombstone is not None and record_id:
                    tombstones.mark_unwanted(tx, tombstone.id, [record_id])

    def _note(self, tx: Transaction, url: str, traces: Traces) -> Tombstone | None:
        tombstone = covered.covering(tx, (), [url])
        if tombstone is not None:
            self.met[tombstone.id] = self.met.get(tombstone.id, Traces()) | traces
        return tombstone

    def cover(self, *urls: str) -> bool:
        """Whether nothing is to be archived of an answer with these addresses."""
        if not self._marks and not self._prefixes:
            return False
        return any(
            address_mark(url) in self._marks or address(url).startswith(self._prefixes)
            for url in urls
        )
