"""Articles against the captures that they were read from: what the doctor says of either alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from newscrawl.catalogue import orphans
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.orphans import Unread
from newscrawl.home import Home
from newscrawl.ops.findings import Finding
from newscrawl.ops.place import is_running

RESTORE = "restore the catalogue from a backup, else read its day again with `-a refresh=1`"


def examine(home: Home, catalogue: Catalogue) -> Iterator[Finding]:
    """Each article without a record; of records without an article, how many of each edition.

    A crawl that is at work is about to read its own.
    """
    with catalogue.read() as view:
        alone = list(orphans.without_capture(view))
        empty = orphans.without_version(view)
        dangling = orphans.dangling(view)
        unread = list(orphans.without_article(view))
        adopted = orphans.unread_captures(view)
        brought = orphans.unread_imports(view)
    for article_id, number in alone:
        what = f"version {number} has no record: what it was read from is not in the archive"
        yield Finding("catalogue", what, article_id, RESTORE)
    for article_id in empty:
        what = "no version of it is there: its text is lost from the catalogue"
        yield Finding("catalogue", what, article_id, RESTORE)
    for table, other, count in dangling:
        what = f"rows that belong to rows of {other} which are not there: {count}"
        yield Finding("catalogue", what, table, RESTORE)
    yield from _listed(home, unread)
    for paper, day, count in adopted:
        if not is_running(home, paper):
            what = f"{count} captures of an edition of which nothing else is known"
            yield Finding("articles", what, f"{paper} {day}", _crawl(paper, day))
    for paper, count in brought.items():
        what = f"{_articles(count)} archived by an import that was cut off, and not catalogued"
        yield Finding("articles", what, paper, "import the file again that it came from")


def _listed(home: Home, unread: Sequence[Unread]) -> Iterator[Finding]:
    first = {(each.paper, each.day): each for each in reversed(unread)}
    for (paper, day), count in Counter((each.paper, each.day) for each in unread).items():
        if is_running(home, paper):
            continue
        one = first[paper, day]
        why = f" ({one.reason})" if one.reason else ""
        what = f"{_articles(count)} captured, and not read: {one.url}{why}"
        yield Finding("articles", what, f"{paper} {day}", _crawl(paper, day))


def _crawl(paper: str, day: str) -> str:
    return f"`scrapy crawl {paper} -a date={day}`"


def _articles(count: int) -> str:
    return f"{count} article{'' if count == 1 else 's'}"
