"""Bringing an archive: records of a JSON Lines file on the same way as crawled articles."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlsplit

from newscrawl.catalogue import articles, snapshots
from newscrawl.catalogue.article_ids import proposed_id
from newscrawl.catalogue.articles import Prepared
from newscrawl.catalogue.connection import Transaction
from newscrawl.catalogue.snapshots import Place
from newscrawl.errors import NewscrawlError
from newscrawl.extract.credits import with_credits
from newscrawl.extract.normalise import normalise
from newscrawl.items import Article, Record, Snapshot, new_record_id
from newscrawl.ops.session import Session
from newscrawl.text.dates import iso, parse_day

BATCH = 250
"""Lines in one transaction."""
AHEAD = 3
"""Batches on their way at once: one being read, one being archived, one being recorded."""
NOT_UTF8 = "not UTF-8: `iconv -f gb18030 -t utf-8 FILE` converts it"
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
    moved: list[tuple[str, str]] = field(default_factory=list)
    """`(id, id given)` of new articles whose own id another article has."""

    @property
    def line(self) -> str:
        counts = (
            f"{self.read} read: {self.new} new, {self.edited} edited, "
            f"{self.unchanged} unchanged, {len(self.refused)} refused"
        )
        return f"{counts}{self._moved}"

    @property
    def _moved(self) -> str:
        if not self.moved:
            return ""
        taken, given = self.moved[0]
        more = ", and so on" if len(self.moved) > 1 else ""
        return (
            f"; {len(self.moved)} under another id: {given}, since {taken} is another article{more}"
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

    Nobody is told of its articles unless `session.alert` says so.
    Everything is recorded when it returns; `session.searchable` waits for the index. Raises
    ImportRefused for a file that cannot be read to its end, once what was readable is recorded.
    """
    report = ImportReport()
    place = Place(session.paper, datetime.now(UTC).date().isoformat(), "import")
    waiting: list[Future[None]] = []
    with _opened(path) as (lines, position):
        numbered = enumerate(lines, 1)
        while batch := list(islice(numbered, BATCH)):
            brought = list(_brought(session, place, batch, report))
            session.keep_up()
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
        payload = text.rstrip(b"\r\n")
        if not payload.strip():
            continue
        report.read += 1
        try:
            article = article_from(json.loads(payload), session.paper)
        except json.JSONDecodeError as error:
            report.refused.append((number, f"not JSON at character {error.colno}: {error.msg}"))
            continue
        except UnicodeDecodeError:
            report.refused.append((number, NOT_UTF8))
            continue
        except (ValueError, RecursionError) as error:
            report.refused.append((number, str(error)))
            continue
        line = _snapshot(article.url, payload)
        article.record_id = line.record_id
        article.silent = not session.alert
        article.snapshot_time = iso(line.captured_at)
        yield _Brought(article, line, session.bring(place, line))


def article_from(record: Any, paper: str) -> Article:
    """The article of a record `{"id", "date", "title", "text"}`, with `url`, `page`, `authors`
    where it has them. Raises ValueError saying what is missing or wrong.
    """
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the value is wrong, not the call
    for name in NEEDED:
        if name not in record:
            raise ValueError(f"{name} is missing")
        if not isinstance(record[name], str):
            raise ValueError(f"{name} must be text")  # noqa: TRY004
    parse_day(record["date"])
    page, authors = str(record.get("page") or ""), _authors(record)
    _check_characters([record["id"], record["title"], record["text"], page, *authors])
    own_id = record["id"].strip()
    if not own_id or any(character.isspace() for character in own_id):
        raise ValueError(f"id {record['id']!r} is empty or has blanks")
    article = normalise(
        Article(
            paper=paper,
            edition=record["date"],
            edition_raw=record["date"],
            url=_url(record) or f"import:{paper}/{quote(own_id, safe='')}",
            headline=record["title"],
            paragraphs=record["text"].split("\n"),
            reporters=authors,
            page=page,
            own_id=own_id,
        )
    )
    credited = with_credits(article)
    credited.reporters = article.reporters or credited.reporters
    return credited


def _authors(record: dict[str, Any]) -> list[str]:
    authors = record.get("authors") or []
    if not isinstance(authors, list) or not all(isinstance(name, str) for name in authors):
        raise ValueError("'authors' is not a list of names")
    return authors


def _url(record: dict[str, Any]) -> str:
    """The record's URL; empty where it has none."""
    url = record.get("url") or ""
    if not isinstance(url, str):
        raise ValueError("'url' is not text")  # noqa: TRY004
    _check_characters([url])
    parts = urlsplit(url)
    if url and not (parts.scheme in {"http", "https"} and parts.netloc):
        raise ValueError(f"url {url!r} is not an http(s) address")
    return url


def _check_characters(texts: list[str]) -> None:
    """Raises UnicodeEncodeError, a ValueError, for half of a character: a lone surrogate."""
    for text in texts:
        text.encode()


def _snapshot(url: str, payload: bytes) -> Snapshot:
    return Snapshot(
        record_id=new_record_id(),
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

    def before(view: Transaction) -> Callable[[Transaction], None]:
        prepared = [session.prepare(view, each.article) for each in brought]
        return lambda tx: work(tx, prepared)

    def work(connection: Transaction, prepared: list[Prepared]) -> None:
        snapshots.add_all(connection, rows)
        for each, ready in zip(brought, prepared, strict=True):
            recorded = articles.record(connection, each.article, ready)
            if recorded.seq is None:
                report.unchanged += 1
                continue
            session.newest_seq = max(session.newest_seq, recorded.seq)
            if recorded.n == 1:
                report.new += 1
                proposed = proposed_id(each.article)
                if recorded.article_id != proposed:
                    report.moved.append((proposed, recorded.article_id))
            else:
                report.edited += 1

    future = session.submit_prepared(before)
    session.signal()
    return future


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Iterator[bytes], Callable[[], int]]]:
    """The lines of a file, inflated where it is gzip, and how many of its bytes are read.

    The lines end where the file cannot be read further; ImportRefused is raised on leaving, so
    that what was readable is imported first.
    """
    failures: list[Exception] = []

    def lines(stream: IO[bytes]) -> Iterator[bytes]:
        try:
            yield from stream
        except (OSError, EOFError, zlib.error) as error:
            failures.append(error)

    with _raw(path) as raw:
        stream: Any = gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw
        yield lines(stream), raw.tell
    for error in failures:
        raise ImportRefused(
            f"{path}: {error}; what was read is kept; mend the file and import it again"
        ) from error


def _raw(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise ImportRefused(f"{path}: {error.strerror}") from error
