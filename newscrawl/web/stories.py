"""`/story/ARTICLE`: in which papers a report stood, and what each left out or changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newscrawl.alerts.links import snapshot_path, story_path
from newscrawl.catalogue import stories
from newscrawl.catalogue.appearances import Appearance, appearances
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.stories import Member
from newscrawl.text.changes import Change, Kind
from newscrawl.text.dates import shown
from newscrawl.web.site import Site

MOST = 20
"""Articles of a story that a page lists."""
MOST_CHANGES = 100
"""Of a reprint."""
MOST_CHARACTERS = 1_000
"""Of what is left out, added or changed in one place."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An article of a story, in a list of them."""

    where: str
    """`杭州日报 2023-12-15 A01 要闻`."""
    headline: str
    source: str
    seen: str
    path: str
    """Of its snapshot."""
    here: bool
    """Whether it is the one whose page this is."""


@dataclass(frozen=True, slots=True)
class Story:
    """The articles of a story, the first appearance first, and how many there are in all."""

    articles: tuple[Listed, ...]
    total: int
    path: str
    """Of the page that compares them."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A reprint, and what is told of its changes."""

    article: Listed
    changes: tuple[tuple[Kind, str, str], ...]
    more: int


def story_page(site: Site, request: Request) -> Response:
    """404 for an article that is unknown, or cannot be read."""
    wanted = request.path_params["named"]
    with site.catalogue.read() as view:
        members = _members(view, wanted)
        if not members:
            raise HTTPException(404)
        found = appearances(view, _some(members, wanted))
    first, *reprints = (_changed(each, wanted) for each in found)
    return site.pages.page(
        request,
        "story.html",
        first=first.article,
        reprints=reprints,
        total=len(members),
        contact=site.contact,
    )


def story_of(view: Transaction, article_id: str) -> Story | None:
    """The story of an article, for its own page; None where it is the only one."""
    members = _members(view, article_id)
    if len(members) < 2:
        return None
    listed = tuple(_listed(each, article_id) for each in _some(members, article_id))
    return Story(listed, len(members), story_path(article_id))


def _members(view: Transaction, article_id: str) -> list[Member]:
    number = stories.of_article(view, article_id)
    members = [] if number is None else stories.members(view, number)
    return members if any(each.article_id == article_id for each in members) else []


def _some(members: Sequence[Member], wanted: str) -> list[Member]:
    """As many as are shown; the one that was asked for is among them."""
    some = list(members[:MOST])
    return some + [each for each in members[MOST:] if each.article_id == wanted]


def _listed(member: Member, wanted: str) -> Listed:
    page = (member.paper_title, member.day, member.page, member.page_name)
    return Listed(
        where=" ".join(filter(None, page)),
        headline=member.headline,
        source=member.source,
        seen=shown(datetime.fromisoformat(member.first_seen)),
        path=snapshot_path(member.article_id),
        here=member.article_id == wanted,
    )


def _changed(appearance: Appearance, wanted: str) -> Changed:
    told = tuple(_cut(appearance.changes[:MOST_CHANGES]))
    more = len(appearance.changes) - len(told)
    return Changed(_listed(appearance.member, wanted), told, more)


def _cut(made: Sequence[Change]) -> Iterator[tuple[Kind, str, str]]:
    for each in made:
        yield each.kind, _shortened(each.before), _shortened(each.after)


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"
