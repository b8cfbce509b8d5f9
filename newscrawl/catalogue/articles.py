"""Articles and their versions: the one transaction that makes a capture count."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from newscrawl.catalogue import (
    covered,
    entries,
    fields,
    placement,
    prospects,
    sightings,
    tombstones,
)
from newscrawl.catalogue.article_ids import proposed_id, variants
from newscrawl.catalogue.contents import content_digest, shows_the_same
from newscrawl.catalogue.mates import Mates
from newscrawl.catalogue.prospects import UNSEEN, Prospect
from newscrawl.catalogue.recognition import Known, is_mine, is_same, recognise
from newscrawl.catalogue.schema import aliases, articles, versions
from newscrawl.catalogue.withdrawn import Tombstone, content_marks, strongest
from newscrawl.items import Article
from newscrawl.text.address import address
from newscrawl.text.dates import iso
from newscrawl.text.reprints import Body

TOLERATED = 0.001
"""The share of undecodable characters above which an article is quarantined."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What recording an article came to."""

    article_id: str
    seq: int | None
    """The new version's place in the order of everything; None when the text is unchanged."""
    n: int
    """The version of the article that is held now, from 1."""
    state: str
    """sound, flagged (a few undecodable characters, or shortened), quarantined (too many
    undecodable characters; not indexed) or erased (taken down for good: nothing is recorded)."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is found out about an article before the write lock is taken."""

    digest: str
    body: Body
    prospect: Prospect


def prepare(connection: Connection, article: Article, mates: Mates | None = None) -> Prepared:
    """Read, in any view, what makes recording the article short; what the view lacks is looked
    for when it is recorded.

    `mates` are the articles that are prepared before it in this view: it is compared with them.
    """
    body, digest = Body.of(article.body), content_digest(article)
    prospect = _prospect(connection, article, digest, body)
    if mates is not None and prospect is not UNSEEN:
        verdicts = mates.verdicts(prospect.upto, digest, prospect.day, body)
        prospect = replace(prospect, verdicts=verdicts)
    return Prepared(digest, body, prospect)


def record(connection: Connection, article: Article, prepared: Prepared | None = None) -> Recorded:
    """Record an article whose snapshot is durable: version, story, place in its edition.

    It comes to the same whether it was prepared, and however long ago.

    The snapshot named by `article.record_id` must be catalogued. An unchanged text adds no
    version; a changed one adds the next; a different article at a known address, or under a known
    own id, gets `~2`. An article with an own id is known by that id alone: several may share an
    address, which stays with the first of them. One that was moved is known by what it was, and
    takes its new address from whatever stood there.
    """
    where = address(article.url)
    known = recognise(connection, article, where)
    ready = prepared or Prepared(content_digest(article), Body.of(article.body), UNSEEN)
    mine = known if known is not None and is_mine(known, article, ready.digest) else None
    article_id = mine.article_id if mine is not None else proposed_id(article)
    withdrawn = _withdrawn(connection, article, article_id, ready.digest)
    if withdrawn is not None and withdrawn.scope == "erase":
        tombstones.meet(connection, withdrawn, article)
        entries.unlist(connection, article)
        return Recorded(proposed_id(article), None, 0, "erased")
    recorded = _record(connection, article, ready, where, mine, taken=known is not None)
    if withdrawn is not None:
        tombstones.take(connection, withdrawn, [recorded.article_id])
    return recorded


def _record(
    connection: Connection,
    article: Article,
    ready: Prepared,
    where: str,
    known: Known | None,
    *,
    taken: bool,
) -> Recorded:
    """`known`: the same article as it is held; `taken`: whether its place is, by whichever."""
    entries.entry_held(
        connection,
        article.paper,
        article.edition,
        article.url,
        picture_only=article.picture_only,
    )
    if article.images:
        entries.list_images(connection, article, article.snapshot_time)
    if known is None:
        article_id = _new_article(connection, article, where, taken=taken)
        return _add_version(connection, article, article_id, 1, ready)
    _add_alias(connection, where, known.article_id, moved=bool(article.formerly))
    recorded = (
        Recorded(known.article_id, None, known.n, known.state)
        if known.digest == ready.digest or _is_unchanged(connection, known, article)
        else _add_version(connection, article, known.article_id, known.n + 1, ready)
    )
    if recorded.state != "quarantined":
        sightings.seen(connection, known.article_id, article, recorded.seq)
    return recorded


def _withdrawn(
    connection: Connection, article: Article, article_id: str, digest: str
) -> Tombstone | None:
    """The tombstone that an article comes under, by the id that it gets, its address or its text.

    Where none stands, which is nearly everywhere, nothing is folded and hashed under the lock.
    """
    if not covered.any_stands(connection):
        return None
    marks = content_marks(digest, article.body)
    found = (
        covered.of_article(connection, article_id),
        covered.covering(connection, marks, [article.url]),
    )
    return strongest(each for each in found if each is not None)


# Statements are built once: building one costs as much as running it.
_TAKEN = select(articles.c.id).where(articles.c.id == bindparam("proposed"))
_ADD_ARTICLE = insert(articles)
_FRESH_ALIAS = upsert(aliases)
_ADD_ALIAS = _FRESH_ALIAS.on_conflict_do_nothing()
_MOVE_ALIAS = _FRESH_ALIAS.on_conflict_do_update(
    index_elements=["address"], set_={"article_id": _FRESH_ALIAS.excluded.article_id}
)
_RETIRE = (
    update(versions)
    .where(versions.c.article_id == bindparam("retired"), versions.c.live)
    .values(live=False)
)
_ADD_VERSION = insert(versions).returning(versions.c.seq)


def _prospect(connection: Connection, article: Article, digest: str, body: Body) -> Prospect:
    known = recognise(connection, article, address(article.url))
    if decode_state(article) == "quarantined" or (known and known.digest == digest):
        return UNSEEN  # nothing is to be placed
    if known and is_same(known, article):
        return prospects.look_again(connection, known.article_id, body)
    return prospects.look(connection, article.edition, body)


def _is_unchanged(connection: Connection, known: Known, article: Article) -> bool:
    """Whether only the frame is another; a text that could be read badly is no measure."""
    sound = known.state == decode_state(article)
    return sound and shows_the_same(connection, known.article_id, known.n, article)


def _new_article(connection: Connection, article: Article, where: str, *, taken: bool) -> str:
    article_id = _free_id(connection, proposed_id(article)) if taken else proposed_id(article)
    connection.execute(
        _ADD_ARTICLE,
        {
            "id": article_id,
            "paper": article.paper,
            "day": article.edition,
            "page": article.page,
            "number": article.number,
            "url": article.url,
            "first_seen": article.snapshot_time,
            "story_id": placement.alone(connection),
        },
    )
    _add_alias(connection, where, article_id, moved=taken and not article.own_id)
    return article_id


def _free_id(connection: Connection, base: str) -> str:
    return next(
        each
        for each in variants(base)
        if connection.execute(_TAKEN, {"proposed": each}).one_or_none() is None
    )


def _add_alias(connection: Connection, where: str, article_id: str, *, moved: bool = False) -> None:
    statement = _MOVE_ALIAS if moved else _ADD_ALIAS
    connection.execute(statement, {"address": where, "article_id": article_id})


def _add_version(
    connection: Connection, article: Article, article_id: str, n: int, ready: Prepared
) -> Recorded:
    state = decode_state(article)
    live = state != "quarantined"
    if live and n > 1:
        connection.execute(_RETIRE, {"retired": article_id})
    seq: int = connection.execute(
        _ADD_VERSION,
        {
            "article_id": article_id,
            "n": n,
            "digest": ready.digest,
            "record_id": article.record_id,
            "first_seen": article.snapshot_time,
            "state": state,
            "live": live,
            "body": article.body,
            "recorded": iso(datetime.now(UTC)),
            "fields": fields.of(article),
            **{name: getattr(article, name) for name in fields.COLUMNS},
        },
    ).scalar_one()
    body, prospect = ready.body, ready.prospect
    if live and n == 1:
        placement.place(connection, article_id, article.edition, seq, body, prospect)
    elif live:
        placement.place_again(connection, article_id, seq, body, prospect)
    return Recorded(article_id, seq, n, state)


def decode_state(article: Article) -> str:
    """sound, flagged or quarantined, by the share of characters that could not be decoded.

    An article that had to be shortened is flagged too.
    """
    if article.decode_errors / max(1, article.characters) > TOLERATED:
        return "quarantined"
    return "flagged" if article.decode_errors or article.shortened else "sound"
