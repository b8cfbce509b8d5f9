"""A version as a row of a table: the same columns in every format."""

from __future__ import annotations

from typing import NamedTuple

from newscrawl.catalogue.outgoing import Outgoing
from newscrawl.export.policing import Allowed
from newscrawl.text.clean import on_one_line


class Row(NamedTuple):
    """What an export tells of a version. Times are ISO 8601, UTC."""

    id: str
    """Of the article."""
    paper: str
    """The spider's name."""
    title: str
    """报名."""
    day: str
    """The edition's, `YYYY-MM-DD`."""
    page: str
    """版: `A05`; empty where there is none."""
    page_name: str
    headline: str
    """On one line, as are kicker and subhead."""
    kicker: str
    subhead: str
    reporters: tuple[str, ...]
    correspondents: tuple[str, ...]
    source: str
    """The source that the text itself declares."""
    body: str | None
    """The text, a paragraph a line, as far as the policy lets it out; None: nothing of it."""
    policy: str
    """full, excerpt-N or metadata: how much of the text that is."""
    url: str
    """Original URL, as requested."""
    snapshot_time: str
    """快照生成时间, of this version."""
    first_seen: str
    """When the article was first seen."""
    version: int
    """From 1."""
    record_id: str
    """WARC-Record-ID of the answer that it was read from."""
    payload_digest: str
    """`sha256:` and 64 hexadecimal digits, of that answer's body."""


def row(goods: Outgoing, allowed: Allowed) -> Row:
    """The row of a version, its text as its paper's policy lets it out."""
    version, article = goods.version, goods.version.article
    return Row(
        id=version.article_id,
        paper=article.paper,
        title=version.paper_title,
        day=article.edition,
        page=article.page,
        page_name=article.page_name,
        headline=on_one_line(article.headline),
        kicker=on_one_line(article.kicker),
        subhead=on_one_line(article.subhead),
        reporters=tuple(article.reporters),
        correspondents=tuple(article.correspondents),
        source=article.source,
        body=allowed.text(article.paper, article.body),
        policy=allowed.of(article.paper).name,
        url=article.url,
        snapshot_time=article.snapshot_time,
        first_seen=goods.first_seen,
        version=version.n,
        record_id=article.record_id,
        payload_digest=goods.payload_digest,
    )
