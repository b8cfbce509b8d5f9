"""The log of versions, read by sequence number: what the index is a function of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, case, exists, func, select

from newscrawl.catalogue import sqlite
from newscrawl.catalogue.illegible import UNREAD, Damaged, Illegible, require_illegible
from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import aliases, articles, papers, snapshots, versions
from newscrawl.catalogue.takedown_schema import taken_down
from newscrawl.items import Article, Image
from newscrawl.text.address import address


@dataclass(frozen=True, slots=True)
class Version:
    """An article's text as captured at a time."""

    seq: int
    article_id: str
    n: int
    state: str
    live: bool
    """Whether this is the version that may be found: the newest that is not quarantined."""
    first_seen: str
    paper_title: str
    digest: str
    article: Article
    recorded: str | None = None
    """When it was written into the catalogue; None for what was written before that was kept."""
    taken_down: bool = False
    """Whether its article is taken down: then nothing of it is shown, or told, to anybody."""

    @property
    def identity(self) -> str:
        """Tells it from every other, also from what another copy of the catalogue has given the
        same number.
        """
        return identity_of(self.article.record_id, self.recorded)


@dataclass(frozen=True, slots=True)
class Capture:
    """A version's snapshot, for `show`."""

    record_id: str
    kind: str
    """What was asked for: article, import …"""
    captured_at: str
    url: str
    requested_url: str
    payload_digest: str
    path: str
    offset: int


def newest_seq(connection: Connection) -> int:
    """The last sequence number given; 0 for an empty catalogue."""
    return connection.scalar(_NEWEST) or 0


def count_after(connection: Connection, seq: int) -> int:
    """How many versions there are beyond a sequence number."""
    return connection.scalar(_COUNT_AFTER, {"seq": seq}) or 0


def last_identity(connection: Connection, upto: int) -> str:
    """That of the last version up to a sequence number; empty where there is none.

    Versions are only ever added: catalogues in which it is the same have the same up to there.
    """
    row = connection.execute(_LAST, {"upto": upto}).one_or_none()
    return identity_of(*row) if row else ""


def live_count(connection: Connection) -> int:
    """How many versions may be found: at most one of each article."""
    return connection.scalar(select(func.count()).where(versions.c.live)) or 0


def live_among(connection: Connection, seqs: Iterable[int]) -> set[int]:
    """Those of some versions that may be found."""
    found: set[int] = set()
    for part in in_parts(seqs):
        wanted = select(versions.c.seq).where(versions.c.live, versions.c.seq.in_(part))
        found.update(connection.scalars(wanted))
    return found


def live_of(connection: Connection, article_ids: Iterable[str]) -> list[int]:
    """Those of some articles that may be found."""
    return [
        seq
        for part in in_parts(article_ids)
        for seq in connection.scalars(
            select(versions.c.seq).where(versions.c.live, versions.c.article_id.in_(part))
        )
    ]


def after(connection: Connection, seq: int, limit: int, upto: int | None = None) -> list[Version]:
    """Versions beyond a sequence number, in order, at most `limit`; up to another, if any."""
    wanted = _VERSIONS.where(versions.c.seq > seq).order_by(versions.c.seq).limit(limit)
    if upto is not None:
        wanted = wanted.where(versions.c.seq <= upto)
    return [_version(row) for row in connection.execute(wanted)]


def editions(connection: Connection, upto: int) -> list[tuple[int, str]]:
    """`(seq, edition)` of every version that may be found, in order, up to a sequence number."""
    rows = connection.execute(
        select(versions.c.seq, DAY)
        .join(articles, articles.c.id == versions.c.article_id)
        .where(versions.c.live, versions.c.seq <= upto)
        .order_by(versions.c.seq)
    )
    return [(seq, edition) for seq, edition in rows]


def replaced(
    connection: Connection, newer: Iterable[Version | Illegible]
) -> dict[int, tuple[int, ...]]:
    """The sequence numbers of the earlier versions of articles, by that of the version given."""
    edited = {version.article_id: version.seq for version in newer if version.n > 1}
    found: dict[int, tuple[int, ...]] = {}
    names = list(edited)
    for start in range(0, len(names), 500):
        rows = connection.execute(
            select(versions.c.article_id, versions.c.seq)
            .where(versions.c.article_id.in_(names[start : start + 500]))
            .order_by(versions.c.seq)
        )
        for article_id, seq in rows:
            newest = edited[article_id]
            if seq < newest:
                found[newest] = (*found.get(newest, ()), seq)
    return found


def former(connection: Connection, newer: Iterable[Version]) -> dict[int, int]:
    """The version of its article that could be found until then, by the sequence number of the
    version given; those that none was before are left out.
    """
    edited = {version.seq: version for version in newer if version.n > 1}
    return {
        seq: earlier
        for seq, version in edited.items()
        if (earlier := connection.scalar(_BEFORE, {"article": version.article_id, "seq": seq}))
    }


def by_seq(connection: Connection, seqs: Iterable[int]) -> dict[int, Version]:
    """The named versions; unknown numbers are left out, and what is taken down."""
    return {version.seq: version for version in streamed(connection, list(seqs))}


def streamed(connection: Connection, seqs: Sequence[int]) -> Iterator[Version]:
    """The named versions one by one, few of them in memory; left out are unknown numbers, and
    what is taken down.
    """
    for start in range(0, len(seqs), 500):
        rows = connection.execute(_BY_SEQ, {"seqs": seqs[start : start + 500]})
        yield from (_version(row) for row in rows)


def read_from(connection: Connection, record_ids: Iterable[str]) -> list[int]:
    """The sequence numbers of what was read from some captures."""
    return [
        seq
        for part in in_parts(record_ids)
        for seq in connection.scalars(
            select(versions.c.seq).where(versions.c.record_id.in_(part)).order_by(versions.c.seq)
        )
    ]


def articles_read_from(connection: Connection, record_ids: Iterable[str]) -> dict[str, list[str]]:
    """By capture, the ids of the articles that were read from it."""
    found: dict[str, list[str]] = {}
    for part in in_parts(record_ids):
        pairs = select(versions.c.record_id, versions.c.article_id).distinct()
        wanted = pairs.where(versions.c.record_id.in_(part)).order_by(versions.c.article_id)
        for record_id, article_id in connection.execute(wanted):
            found.setdefault(record_id, []).append(article_id)
    return found


def of_article(connection: Connection, wanted: str) -> list[Version]:
    """Every version of an article, named by its id or by any URL it was seen at; oldest first.

    Raises Damaged where one of them cannot be read.
    """
    by_address = select(aliases.c.article_id).where(aliases.c.address == address(wanted))
    return _of_id(connection, wanted) or _of_id(connection, connection.scalar(by_address))


def _of_id(connection: Connection, article_id: str | None) -> list[Version]:
    rows = connection.execute(
        _VERSIONS.where(versions.c.article_id == article_id).order_by(versions.c.n)
    )
    try:
        return [_version(row) for row in rows]
    except UNREAD as error:
        require_illegible(error)
        raise Damaged.row(f"{article_id}", error) from error


def capture_of(connection: Connection, version: Version) -> Capture:
    """The snapshot a version was read from. Raises Damaged where it is not known."""
    row = connection.execute(
        select(snapshots).where(snapshots.c.record_id == version.article.record_id)
    ).one_or_none()
    if row is None:
        raise Damaged.capture(version.article_id, version.n)
    return Capture(
        record_id=row.record_id,
        kind=row.kind,
        captured_at=row.captured_at,
        url=row.url,
        requested_url=row.requested_url,
        payload_digest=row.payload_digest,
        path=row.path,
        offset=row.offset,
    )


def identity_of(record_id: str, recorded: str | None) -> str:
    """See `Version.identity`."""
    return f"{record_id} {recorded or ''}"


def _version(row: Sequence[Any]) -> Version:
    """Of a row of `_VERSIONS`: by place, for by name it takes twice as long."""
    seq, article_id, n, state, live, first_seen, digest, recorded, taken_down, title = row[:10]
    record_id, kicker, headline, subhead, source, page_name, body, fields = row[10:]
    article = Article(
        **fields | {"images": [Image(**image) for image in fields["images"]]},
        kicker=kicker,
        headline=headline,
        subhead=subhead,
        source=source,
        page_name=page_name,
        paragraphs=body.split("\n") if body else [],
        snapshot_time=first_seen,
        record_id=record_id,
    )
    return Version(
        seq,
        article_id,
        n,
        state,
        live,
        first_seen,
        paper_title=title,
        digest=digest,
        article=article,
        recorded=recorded,
        taken_down=taken_down,
    )


DAY = func.coalesce(
    case((sqlite.is_json(versions.c.fields), versions.c.fields["edition"].as_string())),
    articles.c.day,
)
"""The edition of a version; where its row does not say, the first one of its article."""
# Made once: to make a statement takes as long as to run it.
_COUNT_AFTER = select(func.count()).where(versions.c.seq > bindparam("seq"))
_NEWEST = select(func.max(versions.c.seq))
_LAST = (
    select(versions.c.record_id, versions.c.recorded)
    .where(versions.c.seq <= bindparam("upto"))
    .order_by(versions.c.seq.desc())
    .limit(1)
)
_TAKEN_DOWN = exists().where(taken_down.c.article_id == versions.c.article_id)
_VERSIONS = (
    select(
        versions.c.seq,
        versions.c.article_id,
        versions.c.n,
        versions.c.state,
        versions.c.live,
        versions.c.first_seen,
        versions.c.digest,
        versions.c.recorded,
        _TAKEN_DOWN.label("taken_down"),
        papers.c.title,
        versions.c.record_id,
        versions.c.kicker,
        versions.c.headline,
        versions.c.subhead,
        versions.c.source,
        versions.c.page_name,
        versions.c.body,
        versions.c.fields,
    )
    .join(articles, articles.c.id == versions.c.article_id)
    .join(papers, papers.c.name == articles.c.paper)
)
_BY_SEQ = _VERSIONS.where(versions.c.seq.in_(bindparam("seqs", expanding=True)), ~_TAKEN_DOWN)
_BEFORE = select(func.max(versions.c.seq)).where(
    versions.c.article_id == bindparam("article"),
    versions.c.seq < bindparam("seq"),
    versions.c.state != "quarantined",
)
