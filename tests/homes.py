"""A small real home: one edition in the archive, the catalogue and the index."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue import articles, editions, entries, runs, snapshots, sqlite
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.editions import ListedPage
from newscrawl.catalogue.entries import Entry
from newscrawl.catalogue.snapshots import Place
from newscrawl.home import Home
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.store import Store
from newscrawl.items import Article, Record, Snapshot
from newscrawl.ops.place import prepare
from tests.archive.samples import snapshot
from tests.makers import DAY, NOW, PAPER, TITLE, article, catalogue, record

INDEX_URL = "https://example.com/hzrb/page_list_20231215.html"
LINE = f"{TITLE} {DAY}  1/1 版"


def small_home(path: Path, articles: int = 5) -> Home:
    """A home with one complete edition of one page with so many articles, and a run of it."""
    home = Home(path)
    prepare(home, 0)
    items = [article(number) for number in range(1, articles + 1)]
    kept = archive(home, items)
    made = catalogue(home.catalogue)
    record_edition(made, items, kept)
    rebuild(Store(home.indexes), made)
    made.close()
    return home


def archive(home: Home, items: list[Article]) -> list[tuple[Snapshot, Record]]:
    """Archive a page for each article, which from then on names its record."""
    folder = Place(PAPER, DAY, "article").folder
    taken = []
    with ArchiveWriter(home.snapshots) as writer:
        for item in items:
            page = snapshot(
                url=item.url,
                body=f"<h1>{item.headline}</h1>{item.body}".encode(),
                captured_at=datetime.fromisoformat(item.snapshot_time),
            )
            item.record_id = page.record_id
            taken.append((page, writer.write(folder, page).result()))
    return taken


def record_edition(
    made: Catalogue, items: list[Article], kept: list[tuple[Snapshot, Record]]
) -> None:
    """Catalogue the captures, the edition that lists them, the articles, and a complete run."""
    place = Place(PAPER, DAY, "article")
    listed = [Entry(item.url, item.page, number=item.number) for item in items]
    with made.write() as tx:
        run = runs.begin(tx, PAPER, NOW)
        snapshots.add_all(tx, [snapshots.row(place, page, where) for page, where in kept])
        edition = editions.open_edition(tx, PAPER, DAY, INDEX_URL, NOW)
        editions.list_pages(tx, edition, [ListedPage("A01", "要闻", INDEX_URL)])
        entries.list_entries(tx, edition, listed, NOW, again=False)
        editions.page_read(tx, edition, "A01", None)
        for item in items:
            articles.record(tx, item)
        editions.close_edition(tx, edition, "complete", NOW, captured=True)
        runs.end(tx, run, now=NOW, state="complete", line=LINE, reasons=[], stats={})


def older_copy_put_back(home: Home) -> None:
    """An edit was indexed; in the copy that was put back then, another one has its number."""
    backup = home.root / "backup"
    made = Catalogue.open(home.catalogue)
    sqlite.back_up(home.catalogue, backup)
    with made.read() as view:
        held = view.exec_driver_sql("SELECT record_id FROM snapshots ORDER BY id DESC").scalar()
    record(made, article(5, headline="改了", record_id=held))
    rebuild(Store(home.indexes), made)
    made.close()
    for path in home.root.glob("newscrawl.db*"):
        path.unlink()
    backup.rename(home.catalogue)
    made = Catalogue.open(home.catalogue)
    record(made, article(5, headline="又改了", record_id=held))
    made.close()
