"""Bringing an archive: records of a JSON Lines file on the same way as crawled articles."""

from __future__ import annotations

import gzip
import json
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from newscrawl.catalogue import articles, snapshots
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.snapshots import Place
from newscrawl.errors import NewscrawlError
from newscrawl.extract.credits import with_credits
from newscrawl.extract.normalise import normalise
from newscrawl.items import Article, Record, Snapshot
from newscrawl.ops.session import Session
from newscrawl.text.dates import iso, parse_day

BATCH = 500
"""Lines in one transaction."""
AHEAD = 3
"""Batches on their way at once: one being read, one being archived, one being recorded."""
NEEDED = ("id", "date", "title", "text")


class ImportRefused(NewscrawlError):
    """The file cannot be read."""


@dataclass(slots=True)
class ImportReport:
    """What an import came to."""

    read: int = 0
    new: int = 0
    unchanged: int = 0
    edited: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    """`(line number, reason)` of lines that are no record."""

    @property
    def line(self) -> str:
        return (
            f"{self.read} read: {self.new} new, {self.edited} edited, "
            f"{self.unchanged} unchanged, {len(self.refused)} refused"
        )


@dataclass(frozen=True, slots=True)
class _Brought:
    article: Article
    line: Snapshot
    record: Future[Record]


def import_file(
    session: Session, path: Path, progress: Callable[[int], None] = lambda _bytes: None
) -> ImportReport:
    """Import `path`, `.jsonl` or `.jsonl.gz`; `progress` gets the bytes of the file read so far.

    Everything is recorded when it returns; `session.searchable` waits for the index. Raises
    ImportRefused for a file that cannot be read.
    """
    report = ImportReport()
    place = Place(session.paper, datetime.now(UTC).date().isoformat(), "import")
    waiting: list[Future[None]] = []
    with _opened(path) as (lines, position):
        numbered = enumerate(lines, 1)
        while batch := list(islice(numbered, BATCH)):
            brought = list(_brought(session, place, batch, report))
            waiting.append(_record(session, place, brought, report))
            if len(waiting) >= AHEAD:
                waiting.pop(0).result()
            progress(position())
    for each in waiting:
        each.result()
    session.signal()
    return report


def _brought(
    session: Session, place: Place, batch: list[tuple[int, bytes]], report: ImportReport
) -> Iterator[_Brought]:
    for number, text in batch:
        report.read += 1
        payload = text.rstrip(b"\r\n")
        try:
            article = article_from(json.loads(payload), session.paper)
        except ValueError as error:
            report.refused.append((number, str(error)))
            continue
        line = _snapshot(article.url, payload)
        article.record_id = line.record_id
        article.snapshot_time = iso(line.captured_at)
        yield _Brought(article, line, session.bring(place, line))


def article_from(record: Any, paper: str) -> Article:
    """The article of a record `{"id", "date", "title", "text"}`, with `url`, `page`, `authors`
    where it has them. Raises ValueError saying what is missing or wrong.
    """
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the value is wrong, not the call
    for name in NEEDED:
        if not isinstance(record.get(name), str):
            raise ValueError(f"{name!r} is missing or not text")  # noqa: TRY004
    parse_day(record["date"])
    own_id = record["id"].strip()
    if not own_id or any(character.isspace() for character in own_id):
        raise ValueError(f"id {record['id']!r} is empty or has blanks")
    article = Article(
        paper=paper,
        edition=record["date"],
        edition_raw=record["date"],
        url=str(record.get("url") or f"import:{paper}/{own_id}"),
        headline=record["title"],
        paragraphs=record["text"].split("\n"),
        page=str(record.get("page") or ""),
        own_id=own_id,
    )
    article = with_credits(normalise(article))
    article.reporters = [str(name) for name in record.get("authors") or article.reporters]
    return article


def _snapshot(url: str, payload: bytes) -> Snapshot:
    return Snapshot(
        record_id=f"<urn:uuid:{uuid.uuid4()}>",
        requested_url=url,
        url=url,
        captured_at=datetime.now(UTC),
        status=200,
        headers=(),
        body=payload,
    )


def _record(
    session: Session, place: Place, brought: list[_Brought], report: ImportReport
) -> Future[None]:
    """Record a batch in one transaction, once its lines are durable."""
    rows = [snapshots.row(place, each.line, each.record.result()) for each in brought]

    def work(connection: Transaction) -> None:
        snapshots.add_all(connection, rows)
        for each in brought:
            recorded = articles.record(connection, each.article)
            if recorded.seq is None:
                report.unchanged += 1
                continue
            session.newest_seq = max(session.newest_seq, recorded.seq)
            if recorded.n == 1:
                report.new += 1
            else:
                report.edited += 1

    future = session.submit(work)
    session.signal()
    return future


class _opened:  # noqa: N801 - reads as the context that it is
    """The lines of a file, inflated where it is gzip, and how many of its bytes are read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> tuple[Iterator[bytes], Callable[[], int]]:
        try:
            self._raw: IO[bytes] = self._path.open("rb")
        except OSError as error:
            raise ImportRefused(f"{self._path}: {error.strerror}") from error
        packed = self._path.suffix == ".gz"
        stream: Any = gzip.GzipFile(fileobj=self._raw) if packed else self._raw
        return self._lines(stream), self._raw.tell

    def __exit__(self, *_error: object) -> None:
        self._raw.close()

    def _lines(self, stream: IO[bytes]) -> Iterator[bytes]:
        try:
            yield from stream
        except (OSError, EOFError) as error:
            raise ImportRefused(
                f"{self._path}: {error}; what was read is kept; mend the file and import it again"
            ) from error
