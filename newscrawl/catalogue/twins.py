"""Who stands at an address, and whether an article of the edition has the same text elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from newscrawl.catalogue import sightings
from newscrawl.catalogue.contents import content_digest
from newscrawl.catalogue.schema import aliases, articles, versions
from newscrawl.items import Article
from newscrawl.text.address import address
from newscrawl.text.clean import on_one_line
from newscrawl.text.reprints import Body, is_reprint
from newscrawl.text.sameness import Text


@dataclass(frozen=True, slots=True)
class Standing:
    """A held article, and where it was seen last."""

    article_id: str
    text: Text
    place: sightings.Place
    read: str
    """When it was last read at all; ISO 8601, UTC."""


def held_at(connection: Connection, url: str) -> Standing | None:
    """The article that stands at an address, in the newest text that can be read."""
    row = connection.execute(
        _LIVE.join(aliases, aliases.c.article_id == articles.c.id).where(
            aliases.c.address == address(url)
        )
    ).one_or_none()
    return _standing(connection, row[0]) if row else None


def twin_of(connection: Connection, article: Article, there: str = "") -> Standing | None:
    """An article of the same edition and text at another address; None where there is none.

    `there`: the id of another article that is known to be at its address: then it may also be what
    stood there before. The text may have been edited a little, where the headline is the same.
    """
    digest, headline = content_digest(article), on_one_line(article.headline)
    rows = connection.execute(
        _LIVE.add_columns(versions.c.digest, versions.c.headline).where(
            articles.c.paper == article.paper, articles.c.day == article.edition
        )
    ).all()
    same = [row.id for row in rows if row.digest == digest]
    alike = [row.id for row in rows if row.id not in same and on_one_line(row.headline) == headline]
    body = Body.of(article.body)
    for article_id in (*same, *alike):
        found = _standing(connection, article_id)
        at_home = address(found.place.url) == address(article.url)
        if article_id == there or (at_home and not there):
            continue
        if article_id in same or is_reprint(body, Body.of(found.text.body)):
            return found
    return None


def _standing(connection: Connection, article_id: str) -> Standing:
    row = connection.execute(
        _TEXT.where(articles.c.id == article_id),
    ).one()
    return Standing(
        article_id,
        Text(row.headline, row.body),
        sightings.place_of(connection, article_id),
        max(row.seen or "", row.first_seen),
    )


_LIVE = (
    select(articles.c.id)
    .join(versions, versions.c.article_id == articles.c.id)
    .where(versions.c.live)
)
_TEXT = (
    select(versions.c.headline, versions.c.body, articles.c.seen, articles.c.first_seen)
    .join(articles, articles.c.id == versions.c.article_id)
    .where(versions.c.live)
)
