"""`/story/ARTICLE`: in which papers a report stood, and what each left out or changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from newscrawl.alerts.links import snapshot_path, story_path
from newscrawl.catalogue import stories
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.stories import Member
from newscrawl.text.dates import shown
from newscrawl.web.comparing import Told, bodies
from newscrawl.web.site import Site
from newscrawl.web.takendown import standing, takendown_page

MOST = 20
"""Articles of a story that a page lists."""


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
class Reprint:
    """An article of a story that is not the first."""

    article: Listed
    told: Told | None
    """Of its changes; None where it was not compared."""


def story_page(site: Site, request: Request) -> Response:
    """404 for an article that is unknown, or cannot be read; 451 where it is taken down."""
    wanted = request.path_params["named"]
    with site.catalogue.read() as view:
        members = _members(view, wanted)
        if not members and (tombstone := standing(view, wanted)):
            return takendown_page(site, request, view, tombstone)
        if not members:
            raise HTTPException(404)
        first, *reprints = _some(members, wanted)
        held = bodies(view, [each.seq for each in (first, *reprints)])
    asked_first = sorted(reprints, key=lambda each: each.article_id != wanted)
    told = site.comparisons.told(held[first.seq], [held[each.seq] for each in asked_first])
    return site.pages.page(
        request,
        "story.html",
        first=_listed(first, wanted),
        reprints=[Reprint(_listed(each, wanted), told.get(each.seq)) for each in reprints],
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
