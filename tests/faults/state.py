"""What must be true of a home whatever has happened to it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sqlalchemy import func, select

from newscrawl.archive.check import check_file
from newscrawl.archive.layout import archive_files
from newscrawl.archive.reader import read_record
from newscrawl.catalogue import snapshots, sqlite, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.schema import articles, entries, stories, story_marks
from newscrawl.catalogue.schema import snapshots as snapshot_rows
from newscrawl.catalogue.schema import versions as versions_table
from newscrawl.home import Home
from newscrawl.text.reprints import Body

_LOST_PICTURES = select(entries.c.url).where(
    entries.c.kind == "image",
    entries.c.state == "held",
    entries.c.url.not_in(select(snapshot_rows.c.requested_url)),
)
_EMPTY_STORIES = select(stories.c.id).where(stories.c.id.not_in(select(articles.c.story_id)))
_UNMARKED = select(versions_table.c.body).where(
    versions_table.c.live, versions_table.c.seq.not_in(select(story_marks.c.seq))
)


def check(root: Path, *, articles_held: int | None = None) -> None:
    """Every catalogued article has its readable record, none is there twice, files are whole."""
    home = Home(root)
    assert sqlite.problems(home.catalogue) == []
    catalogue = Catalogue.open(home.catalogue)
    try:
        with catalogue.read() as connection:
            held = connection.scalars(select(articles.c.url)).all()
            named = Counter(filter(None, held))  # what is erased has no address
            assert max(named.values(), default=1) == 1
            if articles_held is not None:
                assert len(held) == articles_held
            numbers = connection.execute(
                select(versions_table.c.article_id, func.count()).group_by(
                    versions_table.c.article_id
                )
            ).all()
            assert len(numbers) == len(held)
            for version in versions.after(connection, 0, 100_000):
                capture = versions.capture_of(connection, version)
                if not capture.path:
                    assert not version.article.body, "no record, and not erased"
                    continue
                kept = read_record(home.snapshots, capture.path, capture.offset)
                assert kept.record_id == version.article.record_id
                assert kept.status == 200 or kept.type == "resource"
            rows = snapshots.counts_by_file(connection)
            assert connection.scalars(_EMPTY_STORIES).all() == []
            unmarked = connection.scalars(_UNMARKED).all()
            assert [body for body in unmarked if Body.of(body).marks] == []
            lost = connection.scalars(_LOST_PICTURES).all()
            assert lost == [], "held without a capture"
    finally:
        catalogue.close()
    for path in archive_files(home.snapshots):
        report = check_file(path)
        assert report.ok, report.problems
        kept_here = report.records["response"] + report.records["resource"]
        assert rows.get(str(path.relative_to(home.snapshots)), 0) == kept_here
