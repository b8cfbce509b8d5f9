"""Two crawls, an import and searches at once: no lock error, no lost article, one index."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from filelock import FileLock

from newscrawl.catalogue import versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.demo.bulk import bulk_editions
from newscrawl.demo.edition import Paragraph
from newscrawl.demo.paths import HANGZHOU_DAILY, METRO_EXPRESS
from newscrawl.demo.server import serve
from newscrawl.demo.site import Host, Site
from newscrawl.home import Home
from newscrawl.index import rebuilding
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from tests.crawls import Newsroom, crawl_words
from tests.faults.rounds import few_or_full
from tests.faults.state import check

pytestmark = pytest.mark.scale

SECONDS = few_or_full(12, 60)
DAYS = 40
LAST = date(2023, 12, 15)


@pytest.fixture(scope="module")
def worked(tmp_path_factory):
    """A home in which everybody has worked at once, and how many articles each has brought."""
    home = tmp_path_factory.mktemp("home")
    papers = {"hangzhou_daily": (HANGZHOU_DAILY, 1), "metro_express": (METRO_EXPRESS, 2)}
    sites = [
        Site(bulk_editions(90 * DAYS, seed, LAST), paper=each) for each, seed in papers.values()
    ]
    with serve(Host(*sites)) as server:
        room = Newsroom(home, {"NEWSCRAWL_ALLOW_PRIVATE": server.url.partition("//")[2]})
        until = time.monotonic() + SECONDS
        with ThreadPoolExecutor() as pool:
            crawls = [pool.submit(crawl, room, server.url, name, until) for name in papers]
            imports = pool.submit(bring, room, home, until)
            done = threading.Event()
            searches = pool.submit(look, Home(home), done)
            # Only in the first half, so that much of what is compared later has grown.
            rebuilds = pool.submit(rebuild, room, Home(home), until - SECONDS / 2)
            try:
                brought = sum(each.result() for each in crawls) + imports.result()
            finally:
                done.set()  # or the searches would go on for ever where a work has failed
            assert searches.result() > 10
            assert rebuilds.result() >= 1
    return Home(home), brought


def crawl(room, url, paper, until):
    """Crawl day after day; the number of articles."""
    days = 0
    while time.monotonic() < until and days < DAYS:
        day = LAST - timedelta(days=days)
        finished = room.run(*crawl_words(url, paper=paper, day=day))
        assert finished.returncode == 0, finished.stderr + finished.stdout
        assert finished.stderr == ""
        days += 1
    return 90 * days


def bring(room, home, until):
    """Import file after file; the number of records."""
    records = 0
    while time.monotonic() < until:
        path = home / f"part-{records}.jsonl"
        editions = bulk_editions(180, records + 10, LAST)
        pieces = [
            piece for each in editions.values() for page in each.pages for piece in page.pieces
        ]
        lines = [json.dumps(record(records + number, piece)) for number, piece in enumerate(pieces)]
        path.write_text("\n".join(lines) + "\n")
        finished = room.run("newscrawl", "import", str(path), "--paper", "brought")
        assert finished.returncode == 0, finished.stderr + finished.stdout
        edited = [line.replace('"text": "', '"text": "更正：') for line in lines[::5]]
        path.write_text("\n".join(edited) + "\n")
        finished = room.run("newscrawl", "import", str(path), "--paper", "brought")
        assert f"{len(edited)} edited" in finished.stdout, finished.stderr
        records += len(lines)
    return records


def record(number, piece):
    texts = [block.text for block in piece.blocks if isinstance(block, Paragraph)]
    return {"id": str(number), "date": "2023-12-01", "title": piece.headline[0],
            "text": "\n".join(texts)}  # fmt: skip


def look(home, done):
    """Search all the time; the number of answers."""
    answers = 0
    wait_for_index(home)
    while not done.is_set():
        with opened(home) as searcher:
            for query in ("杭州", "营商环境 OR 社区", '"的"', "headline:市民 -交通"):
                searcher.search(SearchRequest(query))
                answers += 1
    return answers


def rebuild(room, home, until):
    """Build the index anew again and again; how often."""
    times = 0
    wait_for_index(home)
    while times == 0 or time.monotonic() < until:
        finished = room.run("newscrawl", "reindex")
        assert finished.returncode == 0, finished.stderr + finished.stdout
        times += 1
        time.sleep(3)
    return times


def wait_for_index(home):
    given_up = time.monotonic() + 60
    while not Store(home.indexes).exists():
        assert time.monotonic() < given_up
        time.sleep(0.1)


def test_g4_nobody_disturbs_anybody_and_no_article_is_lost(worked):
    home, brought = worked
    check(home.root, articles_held=brought)
    log = home.logs / "indexer.log"
    assert log.read_text() == ""


def test_g5_one_indexer_serves_all_and_everything_is_found(worked):
    home, brought = worked
    with opened(home) as searcher:
        assert searcher.search(SearchRequest("date:[2000-01-01 TO 2030-01-01]")).total == brought


def test_f14_the_index_that_grew_answers_like_one_built_anew(worked):
    home, _brought = worked
    with FileLock(Store(home.indexes).lock, timeout=60):
        pass  # the indexer has ended, and has dropped what edits outdated when it was idle
    grown = answers(home)
    catalogue = Catalogue.open(home.catalogue)
    rebuilding.rebuild(Store(home.indexes), catalogue)
    catalogue.close()
    assert answers(home) == grown


def answers(home):
    """Ids in order, and totals, of 100 queries that have hits."""
    catalogue = Catalogue.open(home.catalogue)
    with catalogue.read() as connection:
        texts = [version.article.body for version in versions.after(connection, 0, 2000)]
    catalogue.close()
    found = []
    with opened(home) as searcher:
        for number, text in enumerate(texts):
            paragraph = max(text.split("\n"), key=len)
            query = paragraph[number % 40 :][: 2 + number % 5]
            if len(query) < 2 or any(each < "一" or each > "鿿" for each in query):
                continue
            result = searcher.search(SearchRequest(query, limit=500))
            assert result.total > 0, query
            found.append((query, result.total, [hit.version.article_id for hit in result.hits]))
            if len(found) == 100:
                return found
    pytest.fail("not 100 queries with hits")


class opened:  # noqa: N801 - reads as the context that it is
    def __init__(self, home):
        self.catalogue = Catalogue.open(home.catalogue)
        self.searcher = Searcher(home, self.catalogue)

    def __enter__(self):
        return self.searcher

    def __exit__(self, *_error):
        self.searcher.close()
        self.catalogue.close()
