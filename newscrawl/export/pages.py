"""The chosen versions as pages of a web archive: each with its captures and its pictures'."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from newscrawl.archive.copying import Page
from newscrawl.catalogue import outgoing
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.outgoing import Beside, Outgoing
from newscrawl.text.clean import on_one_line


def pages(catalogue: Catalogue, goods: Iterable[Outgoing], upto: int) -> Iterator[Page]:
    """The pages, no capture twice within an edition; only that edition's captures in memory.

    `upto`: the number of the newest capture that may be among them.
    """
    folder = _Folder("", ())
    for each in goods:
        if each.folder != folder.name:
            with catalogue.read() as now:
                folder = _Folder(each.folder, outgoing.beside(now, each.folder, upto))
        article = each.version.article
        yield Page(
            id=f"{each.version.article_id}/{each.version.n}",
            url=each.url,
            captured_at=article.snapshot_time,
            title=on_one_line(article.headline),
            text=article.body,
            places=tuple(folder.places(each)),
        )


class _Folder:
    """What was captured in one folder of the archive, and what of it was given."""

    def __init__(self, name: str, captured: Iterable[Beside]) -> None:
        self.name = name
        self._given: set[tuple[str, int]] = set()
        self._beside: dict[str, list[Beside]] = {}
        for each in captured:
            self._beside.setdefault(each.requested_url, []).append(each)

    def places(self, goods: Outgoing) -> Iterator[tuple[str, int]]:
        """Where the captures of a version lie that were not given yet: its own, what has led to
        it, and its pictures.
        """
        wanted = [(goods.path, goods.offset)]
        for url in (goods.requested_url, *(image.url for image in goods.version.article.images)):
            wanted += self._distinct(url)
        for place in wanted:
            if place not in self._given:
                self._given.add(place)
                yield place

    def _distinct(self, url: str) -> list[tuple[str, int]]:
        """The captures of a URL, one of each content."""
        captures = {each.payload_digest: each for each in self._beside.get(url, ())}
        return [(each.path, each.offset) for each in captures.values()]
