"""Which captures are shown to nobody: of what is taken down, also those that made no version."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from newscrawl.catalogue import belongings, covered
from newscrawl.catalogue.schema import aliases, articles, snapshots, versions
from newscrawl.catalogue.takedown_schema import taken_down
from newscrawl.text.address import address


def is_covered(connection: Connection, record_id: str) -> bool:
    """Whether a capture is shown to nobody.

    So it is with what an article that is taken down was read from, with whatever was asked for at
    its addresses or at one that is taken down itself, and with what shows that article and no
    other: its pictures, and the picture and the PDF of its page.
    """
    capture = connection.execute(_CAPTURE, {"record": record_id}).one_or_none()
    if capture is None or not covered.any_stands(connection):
        return False
    urls = [capture.requested_url, capture.url]
    if covered.covering(connection, (), urls):
        return True
    asked = {"record": record_id, "addresses": [address(url) for url in urls]}
    if any(covered.of_article(connection, each) for each in connection.scalars(_READ, asked)):
        return True
    edition = {"paper": capture.paper, "day": capture.day}
    down = connection.scalars(_DOWN, edition).all()
    return not set(urls).isdisjoint(belongings.addresses_of(connection, down))


_CAPTURE = select(
    snapshots.c.paper, snapshots.c.day, snapshots.c.requested_url, snapshots.c.url
).where(snapshots.c.record_id == bindparam("record"))
_READ = (
    select(versions.c.article_id)
    .where(versions.c.record_id == bindparam("record"))
    .union(
        select(aliases.c.article_id).where(
            aliases.c.address.in_(bindparam("addresses", expanding=True))
        )
    )
)
"""The articles that were read from a capture, or at its addresses."""
_DOWN = (
    select(articles.c.id)
    .join(taken_down, taken_down.c.article_id == articles.c.id)
    .where(articles.c.paper == bindparam("paper"), articles.c.day == bindparam("day"))
    .distinct()
)
