"""What a run archives nothing of: addresses of what was erased."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from newscrawl.catalogue import tombstones
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.withdrawn import address_mark
from newscrawl.text.address import address


@dataclass(slots=True)
class Outlaws:
    """As they were when a run began, and what it has learned since. For one thread."""

    _marks: set[str] = field(default_factory=set)
    _prefixes: tuple[str, ...] = ()

    @classmethod
    def of(cls, view: Transaction) -> Self:
        marks, prefixes = tombstones.erased_addresses(view)
        return cls(marks, prefixes)

    def learn(self, urls: Iterable[str]) -> None:
        """What was erased has been met at these addresses as well."""
        self._marks.update(map(address_mark, urls))

    def cover(self, *urls: str) -> bool:
        """Whether nothing is to be archived of an answer with these addresses."""
        if not self._marks and not self._prefixes:
            return False
        return any(
            address_mark(url) in self._marks or address(url).startswith(self._prefixes)
            for url in urls
        )
