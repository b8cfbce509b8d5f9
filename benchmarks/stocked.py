"""Homes that hold the enlarged corpus, each indexed by the real command.

The catalogue's tables are written in bulk, with what a search reads: a reprint is of the story of
its original. No article is seen at an address, none has marks by which later ones would join its
story, and the archive is left out. What is built is kept under NEWSCRAWL_BENCH_DATA, where that is
set, and used again: remove it when the code of the index or of the articles has changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Table, func, insert, select

from benchmarks.engines import engine
from benchmarks.enlarged import PAPERS, Enlarged
from benchmarks.programs import DATA, command, run
from newscrawl.catalogue import runs, schema, versions
from newscrawl.catalogue.article_ids import proposed_id
from newscrawl.catalogue.articles import content_digest
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.items import Article

TRANSACTION = 2_000
"""Articles in one."""


@dataclass(frozen=True, slots=True)
class Stocked:
    """A home and what its index cost."""

    root: str
    engine: str
    documents: int
    stories: int
    seconds: float
    """Of `newscrawl reindex`."""
    bytes: int

    @property
    def home(self) -> Home:
        return Home(Path(self.root))

    @property
    def line(self) -> str:
        return (
            f"index: {self.documents / self.seconds:,.0f} documents/s, "
            f"{self.bytes / self.documents / 1000:.2f} kB each; {self.stories:,} stories"
        )


def stocked(enlarged: Enlarged) -> Stocked:
    """A home with these articles in its catalogue and in the index of this process's engine."""
    root = Path(os.environ[DATA]) / f"{engine()}-{len(enlarged)}"
    done = root / "stocked.json"
    if done.exists():
        return Stocked(**json.loads(done.read_text(encoding="utf-8")))
    home = Home(root)
    fill(home, enlarged, len(enlarged), partial(story_of, enlarged))
    ran = run(command("newscrawl", "reindex"), {"HOME": str(root)})
    files = (path for path in home.indexes.rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in files)
    made = Stocked(str(root), engine(), len(enlarged), _stories(home), ran.seconds, size)
    done.write_text(json.dumps(asdict(made)), encoding="utf-8")
    return made


class Placed(NamedTuple):
    """An article in the catalogue."""

    number: int
    """From 1; its sequence number too."""
    story: int
    """The number of the article that was the first of it."""
    article: Article


def by_itself(number: int) -> int:
    """The story of an article that is no reprint."""
    return number


def fill(
    home: Home, items: Iterable[Article], count: int, story: Callable[[int], int] = by_itself
) -> None:
    """Record articles, in their order, those left out that an earlier run has recorded.

    `story`: that of the article of a number; of none that comes later.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    catalogue = Catalogue.open(home.catalogue)
    try:
        with catalogue.write() as connection:
            held = versions.newest_seq(connection)
            for name, title in PAPERS.items():
                runs.register(connection, name, title)
        numbered = enumerate(islice(items, held, count), held + 1)
        waiting = (Placed(number, story(number), article) for number, article in numbered)
        while batch := list(islice(waiting, TRANSACTION)):
            with catalogue.write() as connection:
                for table, row in _ROWS.items():
                    connection.execute(insert(table), list(filter(None, map(row, batch))))
    finally:
        catalogue.close()


def story_of(enlarged: Enlarged, number: int) -> int:
    """The story of the article of a number from 1."""
    reprinted = enlarged.reprinted(number - 1)
    return number if reprinted is None else reprinted + 1


def _stories(home: Home) -> int:
    """How many there are."""
    catalogue = Catalogue.existing(home.catalogue)
    try:
        with catalogue.read() as connection:
            return connection.scalar(select(func.count()).select_from(schema.stories)) or 0
    finally:
        catalogue.close()


def _capture(placed: Placed) -> dict[str, object]:
    """A capture whose record is nowhere."""
    article = placed.article
    return {
        "record_id": article.record_id,
        "kind": "import",
        "paper": article.paper,
        "day": article.edition,
        "requested_url": article.url,
        "url": article.url,
        "captured_at": article.snapshot_time,
        "status": 200,
        "path": "",
        "offset": 0,
        "length": 0,
        "payload_digest": "",
    }


def _story(placed: Placed) -> dict[str, object] | None:
    """None where it is there already."""
    return {"id": placed.story} if placed.story == placed.number else None


def _article(placed: Placed) -> dict[str, object]:
    article = placed.article
    return {
        "id": proposed_id(article),
        "paper": article.paper,
        "day": article.edition,
        "page": article.page,
        "number": article.number,
        "url": article.url,
        "first_seen": article.snapshot_time,
        "story_id": placed.story,
    }


def _version(placed: Placed) -> dict[str, object]:
    article = placed.article
    return {
        "seq": placed.number,
        "article_id": proposed_id(article),
        "n": 1,
        "digest": content_digest(article),
        "record_id": article.record_id,
        "first_seen": article.snapshot_time,
        "state": "sound",
        "live": True,
        "body": article.body,
        "fields": {name: getattr(article, name) for name in _FIELDS},
        **{name: getattr(article, name) for name in _COLUMNS},
    }


_COLUMNS = ("kicker", "headline", "subhead", "source", "page_name")
_FIELDS = {each.name for each in fields(Article)} - {
    *_COLUMNS,
    *("paragraphs", "snapshot_time", "record_id", "seq", "words"),
}
_ROWS: Mapping[Table, Callable[[Placed], dict[str, object] | None]] = {
    schema.snapshots: _capture,
    schema.stories: _story,
    schema.articles: _article,
    schema.versions: _version,
}
"""The row of each table for an article, if it has one."""
