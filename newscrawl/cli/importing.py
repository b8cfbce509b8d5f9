"""`newscrawl import FILE --paper NAME`: bring an archive of articles."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from newscrawl import settings
from newscrawl.archive.layout import PAPER
from newscrawl.catalogue import runs
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import NewscrawlError, UsageError
from newscrawl.home import Home
from newscrawl.index.priority import give_way
from newscrawl.ops.importer import ImportReport
from newscrawl.ops.importer import import_file as bring
from newscrawl.ops.place import AlreadyRunning, paper_lock, prepare
from newscrawl.ops.sealing import after_run
from newscrawl.ops.session import Session
from newscrawl.text.segment import use_cache

STALLED_SECONDS = 120.0
SHOWN_REFUSALS = 20


def import_file(
    file: Annotated[Path, typer.Argument(help="JSON Lines, .jsonl or .jsonl.gz.")],
    paper: Annotated[str, typer.Option(help="The paper's name in the catalogue.")],
    title: Annotated[str | None, typer.Option(help="Its Chinese title.")] = None,
    alert: Annotated[
        bool, typer.Option("--alert", help="Tell subscribers of it as of news.")
    ] = False,
) -> None:
    """Import articles; ends when the last one is found by a search.

    Each line is {"id", "date", "title", "text"}, with "url", "page" and "authors" where known.
    """
    if not PAPER.fullmatch(paper):
        raise UsageError(
            f"--paper {paper!r}: at most 100 of A-Z, a-z, 0-9, _ and -, a letter or digit first"
        )
    if not file.is_file():
        raise UsageError(f"{file}: no such file")
    home = settings.home()
    prepare(home, settings.FREE_SPACE_MB)
    use_cache(home.cache)
    give_way()
    with _alone(home, paper):
        _check_title(home, paper, title)
        session = Session(home, paper, title)
        session.alert = alert
        try:
            report = _import(session, file)
        except Exception as error:
            session.end("failed", str(error), [], {})
            raise
        finally:
            session.close()
    _say(file, report)
    for line in after_run(home):
        print(line, file=sys.stderr)
    if report.refused:
        raise typer.Exit(1)


@contextmanager
def _alone(home: Home, paper: str) -> Iterator[None]:
    """The paper's lock. To a crawl, one that runs already is no failure; to an import it is."""
    try:
        with paper_lock(home, paper):
            yield
    except AlreadyRunning as error:
        raise NewscrawlError(f"{error}: nothing was imported; do it again when that ends") from None


def _check_title(home: Home, paper: str, title: str | None) -> None:
    """Raises UsageError where everything that is held of the paper would change its name."""
    if not title or not home.catalogue.exists():
        return
    with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.read() as connection:
        called = runs.titles(connection).get(paper, paper)
    if called not in {paper, title}:
        raise UsageError(
            f"--title {title}: {paper} is called {called}: leave it out, or choose another --paper"
        )


def _import(session: Session, file: Path) -> ImportReport:
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        reading = progress.add_task("import", total=file.stat().st_size)
        report = bring(session, file, lambda done: progress.update(reading, completed=done))
        indexing = progress.add_task("index", total=session.newest_seq)
        session.searchable(STALLED_SECONDS, lambda mark: progress.update(indexing, completed=mark))
    reasons = [(f"{file.name}:{number}", why) for number, why in report.refused]
    session.end(runs.IMPORTED, report.line, reasons, {})
    return report


def _say(file: Path, report: ImportReport) -> None:
    print(f"{file.name}: {report.line}")
    for number, why in report.refused[:SHOWN_REFUSALS]:
        print(f"  {file.name}:{number}: {why}", file=sys.stderr)
