"""Stories: the articles of some days whose bodies are the same report.

`placement` says which article belongs to which. A story's number may change: where stories turn
out to be one, the lowest stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import articles, papers, versions
from newscrawl.text.clean import on_one_line


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a story, in the version that may be found."""

    seq: int
    article_id: str
    paper: str
    paper_title: str
    day: str
    page: str
    page_name: str
    first_seen: str
    """Of the article, not of this version."""
    headline: str
    """On one line."""
    source: str
    """The source that the text itself declares; empty where none."""


def of_seqs(connection: Connection, seqs: Iterable[int]) -> dict[int, int]:
    """The story of each version, old ones included; unknown numbers are left out."""
    return _told(connection, _OF_SEQS, seqs)


def shared(connection: Connection, seqs: Iterable[int]) -> dict[int, int]:
    """`of_seqs` of those whose story has other articles: few have."""
    return _told(connection, _SHARED, seqs)


def of_article(connection: Connection, article_id: str) -> int | None:
    """The story of an article; None for an unknown id, or one that is in no story."""
    story: int | None = connection.scalar(_OF_ARTICLE, {"article": article_id})
    return story


def articles_of(connection: Connection, wanted: Iterable[int]) -> dict[int, frozenset[str]]:
    """The ids of the articles of stories, all of them; unknown numbers are left out."""
    found: dict[int, set[str]] = {}
    for part in in_parts(wanted):
        for story, article in connection.execute(_ARTICLES, {"stories": part}):
            found.setdefault(story, set()).add(article)
    return {story: frozenset(ids) for story, ids in found.items()}


def members(connection: Connection, story: int) -> list[Member]:
    """The articles of a story that may be found, the first appearance (首发) first.

    First is the earliest day, and of one day what was seen first. Empty for an unknown story.
    """
    return members_of(connection, [story]).get(story, [])


def members_of(
    connection: Connection, wanted: Iterable[int], upto: int | None = None
) -> dict[int, list[Member]]:
    """`members` of many stories; those without any are left out.

    `upto`: in the versions that could be found when this was the last sequence number.
    """
    found: dict[int, list[Member]] = {}
    statement = _LIVE if upto is None else _LIVE_THEN
    for part in in_parts(wanted):
        for row in connection.execute(statement, {"stories": part, "upto": upto}):
            story, *values, headline, source = row
            values += [on_one_line(headline), source]
            found.setdefault(story, []).append(Member(*values))
    return found


def _told(connection: Connection, statement: Select[Any], seqs: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in in_parts(seqs):
        found.update((seq, story) for seq, story in connection.execute(statement, {"seqs": part}))
    return found


_OF_ARTICLE = select(articles.c.story_id).where(articles.c.id == bindparam("article"))
_ARTICLES = select(articles.c.story_id, articles.c.id).where(
    articles.c.story_id.in_(bindparam("stories", expanding=True))
)
_OF_SEQS = (
    select(versions.c.seq, articles.c.story_id)
    .join(articles, articles.c.id == versions.c.article_id)
    .where(versions.c.seq.in_(bindparam("seqs", expanding=True)))
)
_MATES = articles.alias()
_SHARED = _OF_SEQS.where(
    # A count takes the index alone, where looking for another article would read its row.
    select(func.count())
    .where(_MATES.c.story_id == articles.c.story_id)
    .correlate(articles)
    .scalar_subquery()
    > 1
)
_MEMBERS = (
    select(
        articles.c.story_id,
        versions.c.seq,
        articles.c.id,
        articles.c.paper,
        papers.c.title,
        articles.c.day,
        articles.c.page,
        versions.c.page_name,
        articles.c.first_seen,
        versions.c.headline,
        versions.c.source,
    )
    .join(versions, versions.c.article_id == articles.c.id)
    .join(papers, papers.c.name == articles.c.paper)
    .where(articles.c.story_id.in_(bindparam("stories", expanding=True)))
    .order_by(articles.c.day, articles.c.first_seen, versions.c.seq)
)
_OTHERS = versions.alias()
_NEWEST_THEN = (
    select(func.max(_OTHERS.c.seq))
    .where(
        _OTHERS.c.article_id == articles.c.id,
        _OTHERS.c.state != "quarantined",
        _OTHERS.c.seq <= bindparam("upto"),
    )
    .correlate(articles)
    .scalar_subquery()
)
_LIVE = _MEMBERS.where(versions.c.live)
_LIVE_THEN = _MEMBERS.where(versions.c.seq == _NEWEST_THEN)
