"""For how long each paper is kept, and which of its editions are older than that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, Select, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from newscrawl.catalogue.belongings import captures_of_day
from newscrawl.catalogue.erasure import HAS_TEXT
from newscrawl.catalogue.schema import articles, retention, snapshots, versions
from newscrawl.catalogue.takedown_schema import taken_down, tombstones
from newscrawl.catalogue.withdrawn import RETENTION, SCOPES, Scope


@dataclass(frozen=True, slots=True)
class Retention:
    """What holds for a paper; of one without any, everything stays."""

    paper: str
    """The spider's name."""
    days: int
    """For which an edition is kept, its own day not counted."""
    scope: Scope
    """What becomes of it then."""

    def before(self, today: date) -> str:
        """The editions of earlier days are older than that, `YYYY-MM-DD`."""
        return (today - timedelta(days=self.days)).isoformat()


@dataclass(frozen=True, slots=True)
class Expired:
    """An edition that was kept for long enough."""

    paper: str
    day: str
    articles: tuple[str, ...]
    """The ids of those that are not taken down as the retention asks for."""
    begun: bool = False
    """Whether a tombstone that stands already is only to be brought to an end."""


def stored(connection: Connection) -> list[Retention]:
    """What holds, by paper."""
    return [Retention(*row) for row in connection.execute(_ALL)]


def decide(connection: Connection, wanted: Iterable[Retention]) -> None:
    """Let it hold for papers."""
    fresh = insert(retention)
    put = fresh.on_conflict_do_update(
        index_elements=["paper"], set_={"days": fresh.excluded.days, "scope": fresh.excluded.scope}
    )
    rows = [{"paper": each.paper, "days": each.days, "scope": each.scope} for each in wanted]
    connection.execute(put, rows)


def withdraw(connection: Connection, papers: Iterable[str]) -> None:
    """Let papers stay for good again; what was taken down stays so."""
    connection.execute(delete(retention).where(retention.c.paper.in_(list(papers))))


def expired(connection: Connection, held: Retention, today: date) -> Iterator[Expired]:
    """The editions of a paper that are older than it is kept, the oldest first."""
    found: dict[str, list[str]] = defaultdict(list)
    before = held.before(today)
    begun = set(connection.scalars(_BEGUN, {"paper": held.paper}))
    for day, article_id in connection.execute(_standing(held, before)):
        found[day].append(article_id)
    if held.scope == "erase":
        for day in connection.scalars(_captured(held, before)):
            if day in begun or day in found or captures_of_day(connection, held.paper, day):
                found.setdefault(day, [])
    for day in sorted(found):
        yield Expired(held.paper, day, tuple(found[day]), day in begun and not found[day])


def _standing(held: Retention, before: str) -> Select[str, str]:
    """Articles that nothing as strong has taken down."""
    enough = SCOPES[SCOPES.index(held.scope) :]
    down = (
        select(taken_down.c.article_id)
        .join(tombstones, tombstones.c.id == taken_down.c.tombstone_id)
        .where(tombstones.c.scope.in_(enough))
    )
    return (
        select(articles.c.day, articles.c.id)
        .where(articles.c.paper == held.paper, articles.c.day != "", articles.c.day < before)
        .where(articles.c.id.not_in(down))
        .order_by(articles.c.day, articles.c.id)
    )


def _captured(held: Retention, before: str) -> Select[str]:
    """Days of which captures are in the archive that no article was read from which is shown: also
    those that came after the edition was erased, as lists that are read again.
    """
    read = select(versions.c.seq).where(versions.c.record_id == snapshots.c.record_id, HAS_TEXT)
    # By where they lie, for the index is by path: what is erased lies nowhere.
    here = (snapshots.c.path > f"{held.paper}/") & (snapshots.c.path < f"{held.paper}/{before}")
    return select(snapshots.c.day).distinct().where(here, ~read.exists())


_BEGUN = select(tombstones.c.day).where(
    tombstones.c.paper == bindparam("paper"),
    tombstones.c.category == RETENTION,
    tombstones.c.state.in_(("told", "erasing")),
)
"""Days that have a tombstone whose work takes out whatever was captured of them."""
_ALL = select(retention.c.paper, retention.c.days, retention.c.scope).order_by(retention.c.paper)
