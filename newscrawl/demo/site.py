"""The sample newspaper's site: what it answers to a request, as values; no socket here."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from typing import Protocol

from newscrawl.demo.edition import Edition
from newscrawl.demo.fates import Fate, Where, after
from newscrawl.demo.paths import HANGZHOU_DAILY, Paper, Paths
from newscrawl.demo.shelf import Resource, Shelf
from newscrawl.demo.skins import PLAIN, Skin

ROBOTS = b"User-agent: *\nDisallow: /private/\n"
FRONT = "<html><head><title>数字报</title></head><body><h1>数字报</h1></body></html>".encode()


class Fields(Protocol):
    """A request's headers; names are looked up as written here, in their usual spelling."""

    def get(self, name: str, default: str, /) -> str: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; `body` has its content coding on and its transfer coding off."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    chunked: bool = False


class Answering(Protocol):
    """What a server asks."""

    def answer(self, method: str, path: str, headers: Fields) -> Answer:
        """`path` is the request's target, query included."""
        ...

    def prepare(self, base: str) -> None:
        """Do beforehand what can be done when the site's own address is known."""
        ...


def note(status: int, text: str, **headers: str) -> Answer:
    """A few words of plain text."""
    fields = (("Content-Type", "text/plain; charset=utf-8"), *headers.items())
    return Answer(status, fields, f"{text}\n".encode())


def _fated(fate: Fate) -> Answer:
    fields = [("Content-Type", "text/html; charset=utf-8")]
    if fate.location and fate.status in _REDIRECTS:
        fields.append(("Location", fate.location))
    return Answer(fate.status, tuple(fields), fate.page)


_REDIRECTS = (301, 302)


@dataclass(frozen=True, slots=True)
class _Published:
    """The site between two changes; its answers do not change and are kept."""

    resources: Mapping[str, Resource]
    fated: Mapping[str, Fate]
    """What is at a path instead of what was there."""
    answers: dict[tuple[str, str, bool], Answer] = field(default_factory=dict)


class Site:
    """One paper's editions, dated, in a skin. May be asked from several threads.

    Articles marked late are absent, and edited ones as first printed, until `publish_late` and
    `edit` are called. What else becomes of them says `befall`.
    """

    def __init__(
        self,
        editions: Mapping[date, Edition],
        skin: Skin = PLAIN,
        paper: Paper = HANGZHOU_DAILY,
    ) -> None:
        self.paper = paper
        self.skin = skin
        self._editions = dict(editions)
        self._late = False
        self._edited = False
        self._fates: Mapping[date, Mapping[Where, Fate]] = {}
        self._turn = 0
        self._failed: set[str] = set()
        self._lock = Lock()
        self._published = self._publish()

    def publish_late(self) -> None:
        """The late articles appear, listed and served."""
        with self._lock:
            self._late = True
            self._published = self._publish()

    def edit(self) -> None:
        """The edited articles change."""
        with self._lock:
            self._edited = True
            self._published = self._publish()

    def befall(self, fates: Mapping[date, Mapping[Where, Fate]]) -> None:
        """This becomes of articles, and of no others: what an earlier call did is undone.

        From now on the frames around the articles are others at every reading of an edition.
        """
        with self._lock:
            self._fates = fates
            self._turn += 1
            self._published = self._publish()

    def prepare(self, base: str) -> None:
        """Render every answer once, in the skin's own content coding."""
        published = self._published
        for path in published.resources:
            self._rendered(published, path, base, zipped=self.skin.gzip)

    def answer(self, method: str, path: str, headers: Fields) -> Answer:
        """The answer to a request; 404 for whatever is not there, 405 for anything but reading."""
        if method not in {"GET", "HEAD"}:
            return note(405, "only GET and HEAD", Allow="GET, HEAD")
        place = path.partition("?")[0]
        if self._turn and "/page_list_" in place:
            self.befall(self._fates)
        published = self._published
        if (fate := published.fated.get(place)) is not None:
            return _fated(fate)
        resource = published.resources.get(place)
        if resource is None:
            return note(404, "not here")
        if resource.fails_once and self._is_first(place):
            return note(500, "try again")
        zipped = self.skin.gzip and "gzip" in headers.get("Accept-Encoding", "")
        base = f"http://{headers.get('Host', '127.0.0.1')}"
        return self._rendered(published, place, base, zipped=zipped)

    def _is_first(self, place: str) -> bool:
        with self._lock:
            first = place not in self._failed
            self._failed.add(place)
        return first

    def _rendered(self, published: _Published, path: str, base: str, *, zipped: bool) -> Answer:
        resource = published.resources[path]
        key = (path, base, zipped and resource.is_page)
        known = published.answers.get(key)
        if known is None:
            known = published.answers[key] = self._render(resource, base, zipped=zipped)
        return known

    def _render(self, resource: Resource, base: str, *, zipped: bool) -> Answer:
        body = resource.render(base)
        media = ("Content-Type", resource.media)
        if not resource.is_page:
            return Answer(200, (media,), body)
        if not zipped:
            return Answer(200, (media,), body, self.skin.chunked)
        coding = ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")
        return Answer(200, (media, *coding), gzip.compress(body, mtime=0), self.skin.chunked)

    def _publish(self) -> _Published:
        resources = {
            "/robots.txt": Resource("text/plain", lambda _base: ROBOTS),
            "/": Resource("text/html; charset=utf-8", lambda _base: FRONT),
        }
        fated: dict[str, Fate] = {}
        for day, edition in self._editions.items():
            paths, fates = Paths(self.paper, day), self._fates.get(day, {})
            visible = after(self._visible(edition), fates)
            shelf = Shelf(self.skin, paths, visible, self._edited, self._turn)
            resources.update(shelf.resources())
            taken = {fate.to for fate in fates.values()}
            for where in fates.keys() - taken:
                target = fates[where].to
                location = paths.article_detail(*target) if target else ""
                fated[paths.article_detail(*where)] = fates[where].with_location(location)
        return _Published(resources, fated)

    def _visible(self, edition: Edition) -> Edition:
        if self._late:
            return edition
        return Edition(
            tuple(
                replace(page, pieces=tuple(piece for piece in page.pieces if not piece.late))
                for page in edition.pages
            )
        )


class Host:
    """Several papers at one address, as the real ones are; a path's first folder tells which."""

    def __init__(self, *sites: Site) -> None:
        self._sites = {site.paper.code: site for site in sites}
        self._default = sites[0]

    def prepare(self, base: str) -> None:
        for site in self._sites.values():
            site.prepare(base)

    def answer(self, method: str, path: str, headers: Fields) -> Answer:
        """The answer of the path's paper; robots.txt is the first paper's."""
        code = path.split("/")[1] if "/" in path else ""
        return self._sites.get(code, self._default).answer(method, path, headers)
