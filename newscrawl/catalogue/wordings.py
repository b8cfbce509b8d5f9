"""What versions say, piece by piece, also where a disk or a hand has spoiled their rows.

One such row must keep nothing from being taken down or erased.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, LargeBinary, Select, bindparam, cast, select

from newscrawl.catalogue import owners
from newscrawl.catalogue.parts import in_parts
from newscrawl.catalogue.schema import versions

T = TypeVar("T")
_AT_ONCE = 500


class Wording(NamedTuple):
    """Of one version."""

    seq: int
    record_id: str
    headline: str
    kicker: str
    subhead: str
    body: str
    fields: str
    """JSON, as it is stored."""

    @property
    def headings(self) -> tuple[str, str, str]:
        return self.headline, self.kicker, self.subhead

    @property
    def pictures(self) -> list[tuple[str, str]] | None:
        """Their addresses and captions; None where they cannot be read."""
        return self._stored(
            lambda held: [(each["url"], each["caption"]) for each in held["images"]]
        )

    @property
    def captions(self) -> list[str]:
        """Of its pictures, as far as they can be read."""
        return self._stored(lambda held: [f"{each['caption']}" for each in held["images"]]) or []

    @property
    def silent(self) -> bool:
        """Whether it came without being told to anybody; not where that cannot be read."""
        return bool(self._stored(lambda held: held["silent"]))

    def _stored(self, take: Callable[[Any], T]) -> T | None:
        """Something of the fields; None where they cannot be read."""
        try:
            return take(json.loads(self.fields))
        except (ValueError, TypeError, KeyError):
            return None


def of_version(connection: Connection, article_id: str, n: int) -> Wording:
    """Of one version of an article that is held."""
    [wording] = _read(connection, _OF_VERSION, {"article": article_id, "n": n})
    return wording


def of_articles(connection: Connection, article_ids: Iterable[str]) -> Iterator[Wording]:
    """Of every version of some articles."""
    for part in in_parts(article_ids):
        yield from _read(connection, _OF_ARTICLES, {"ids": part})


def held(connection: Connection) -> Iterator[Wording]:
    """Of every version that is held and not to be erased, few of them in memory."""
    view = connection.execution_options(yield_per=_AT_ONCE)
    yield from _read(view, _OF_HELD, {})


def raw(column: ColumnElement[Any]) -> ColumnElement[bytes]:
    """A text as its bytes, to be `decoded`: SQLite gives out no text that is not UTF-8."""
    return cast(column, LargeBinary)


def decoded(text: bytes | None) -> str:
    """As far as it can be."""
    return (text or b"").decode("utf-8", "replace")


def _read(
    connection: Connection, statement: Select[Any], asked: dict[str, Any]
) -> Iterator[Wording]:
    for seq, record_id, *texts in connection.execute(statement, asked):
        yield Wording(seq, record_id, *map(decoded, texts))


_ALL = select(
    versions.c.seq,
    versions.c.record_id,
    *map(
        raw,
        (
            versions.c.headline,
            versions.c.kicker,
            versions.c.subhead,
            versions.c.body,
            versions.c.fields,
        ),
    ),
)
_OF_VERSION = _ALL.where(
    versions.c.article_id == bindparam("article"), versions.c.n == bindparam("n")
)
_OF_ARTICLES = _ALL.where(versions.c.article_id.in_(bindparam("ids", expanding=True)))
_OF_HELD = _ALL.where(versions.c.article_id.not_in(owners.TO_ERASE))
