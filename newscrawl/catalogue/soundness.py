"""How many articles are held soundly, and how many flagged or quarantined."""

from __future__ import annotations

from sqlalchemy import Connection, exists, func, select

from newscrawl.catalogue.schema import articles, versions
from newscrawl.catalogue.takedown_schema import taken_down


def counts(connection: Connection) -> dict[str, dict[str, int]]:
    """Per paper, how many articles are held and how many of them are flagged or quarantined; left
    out are those that are taken down.
    """
    newest = (
        select(versions.c.article_id, func.max(versions.c.n).label("n"))
        .group_by(versions.c.article_id)
        .subquery()
    )
    rows = connection.execute(
        select(articles.c.paper, versions.c.state, func.count())
        .join(versions, versions.c.article_id == articles.c.id)
        .join(
            newest,
            (newest.c.article_id == versions.c.article_id) & (newest.c.n == versions.c.n),
        )
        .where(~_TAKEN_DOWN)
        .group_by(articles.c.paper, versions.c.state)
    )
    counted: dict[str, dict[str, int]] = {}
    for paper, state, count in rows:
        counted.setdefault(paper, {})[state] = count
    return counted


_TAKEN_DOWN = exists().where(taken_down.c.article_id == versions.c.article_id)
