"""What earlier readings of an edition listed and did not get."""

from __future__ import annotations

from collections.abc import Iterable

from newscrawl.catalogue.entries import Wanted


class Leftovers:
    """Articles that failed once, each to be asked for one time in this reading, listed or not.

    Asked for twice, one that answers 404 would be gone at once.
    """

    def __init__(self, wanted: Iterable[Wanted] = ()) -> None:
        self._left = {each.entry.address: each for each in wanted}
        self._taken: set[str] = set()

    def take(self, page: str) -> list[Wanted]:
        """Those of a page that no list has named until now."""
        taken = [each for each in self._left.values() if each.entry.page == page]
        for each in taken:
            del self._left[each.entry.address]
            self._taken.add(each.entry.address)
        return taken

    def beside(self, listed: Iterable[Wanted]) -> list[Wanted]:
        """What a list names, without what was taken before; the rest is left no more."""
        wanted = [each for each in listed if each.entry.address not in self._taken]
        for each in wanted:
            self._left.pop(each.entry.address, None)
            self._taken.add(each.entry.address)
        return wanted
