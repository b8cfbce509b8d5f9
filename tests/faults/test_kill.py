"""kill -9 at any moment: the next run completes the edition, nothing is lost or doubled."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newscrawl.catalogue import versions
from newscrawl.home import Home
from newscrawl.index import indexer, rebuilding
from newscrawl.index.documents import words_of
from newscrawl.index.handed import Handed, line
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from newscrawl.index.whoosh_engine import words
from newscrawl.items import Words
from tests.crawls import PROJECT, crawl_words, demo
from tests.faults.killing import kill_indexer
from tests.faults.rounds import rounds
from tests.faults.state import check
from tests.makers import article, catalogue, indexed, record

pytestmark = pytest.mark.fault


def test_f1_killed_at_random_moments_a_crawl_is_completed_by_the_next(tmp_path):
    chance = random.Random(20231215)
    killed = 0
    with demo(tmp_path / "site") as (newsroom, _site, server):
        whole = seconds_of_a_crawl(newsroom, server.url)
        for number in rounds(4, 100):
            room = type(newsroom)(tmp_path / str(number), newsroom.environment)
            process = room.start(*crawl_words(server.url))
            try:
                process.communicate(timeout=whole * chance.uniform(0.1, 0.95))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                killed += 1
                if number % 2:
                    kill_indexer(room.home)
            done = room.crawl(server.url)
            assert done.returncode == 0, done.stderr
            assert "90/90 篇  (0 late" in done.stdout
            check(room.home, articles_held=90)
            assert room.search("date:2023-12-15", "--limit", "1")["total"] == 90
    assert killed


def seconds_of_a_crawl(newsroom, url):
    """The shorter of two, so that the moments of killing lie inside one on any machine."""
    took = []
    for name in ("first", "second"):
        room = type(newsroom)(newsroom.home / name, newsroom.environment)
        began = time.monotonic()
        done = room.crawl(url)
        took.append(time.monotonic() - began)
        assert done.returncode == 0, done.stderr
    return min(took)


INDEX_ALL = """
import pathlib, sys
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue import versions
from newscrawl.home import Home
from newscrawl.index import indexer, rebuilding
from newscrawl.index.documents import words_of
from newscrawl.index.handed import Handed, line
from newscrawl.index.store import Store
from newscrawl.index.whoosh_engine import words
words.TOGETHER = 2
home = Home(pathlib.Path(sys.argv[1]))
indexer.BATCH = 7
indexer.PACE_SECONDS = indexer.POLL_SECONDS = 0.0
print("ready", flush=True)
nothing = Handed(open("/dev/null", "rb"))
indexer.run(Store(home.indexes), Catalogue.open(home.catalogue), nothing, 0.5)
"""


def test_f2_killed_inside_a_commit_the_index_is_old_or_new_and_goes_on(tmp_path):
    chance = random.Random(7)
    for number in rounds(6, 100):
        home = Home(tmp_path / str(number))
        _home, made = indexed(home.root, [article(each) for each in range(1, 4)])
        record(made, *(article(each) for each in range(4, 120)))
        command = [sys.executable, "-c", INDEX_ALL, str(home.root)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=PROJECT) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(chance.uniform(0, 0.8))
            process.kill()
        searcher = Searcher(home, made)
        found = searcher.search(SearchRequest("渡口"))
        searcher.close()
        assert 3 <= found.total <= 119
        with Path("/dev/null").open("rb") as nothing:
            indexer.run(Store(home.indexes), made, Handed(nothing), 0.2)
        searcher = Searcher(home, made)
        assert searcher.search(SearchRequest("渡口")).total == 119
        searcher.close()
        held = Store(home.indexes).current().directory
        assert not list(held.glob("*/whoosh/*.toc.*"))
        assert not list(held.glob("*/whoosh/*.tmp"))
        made.close()


def test_f14_a_rebuilt_index_answers_like_the_one_that_grew(tmp_path, monkeypatch):
    monkeypatch.setattr(words, "TOGETHER", 2)  # so that merges are among what it did
    home, made = indexed(tmp_path, [article(number) for number in range(1, 40)])
    for start in range(40, 200, 20):
        record(made, *(article(number) for number in range(start, start + 20)))
        edited = article(start - 5, record_id=f"<urn:{start}>", headline=f"更正：第{start}号渡口")
        record(made, edited)
        with Path("/dev/null").open("rb") as nothing:
            indexer.run(Store(home.indexes), made, Handed(nothing), 0.05)

    def answers():
        searcher = Searcher(home, made)
        queries = [f"第{number}号" for number in range(1, 190, 3)] + [
            "渡口", "恢复通航", "首班船", "更正", "市民 -更正", '"出行方便"', "headline:更正 OR 77",
        ] + [str(number * 7) for number in range(1, 60)]  # fmt: skip
        found = [searcher.search(SearchRequest(query, limit=1000)) for query in queries]
        searcher.close()
        return [
            (each.total, [(h.version.article_id, h.score) for h in each.hits]) for each in found
        ]

    grown = answers()
    rebuilding.rebuild(Store(home.indexes), made)
    assert sum(total > 0 for total, _hits in grown) >= 100
    assert answers() == grown
    made.close()


def test_the_words_handed_over_are_those_that_the_catalogue_gives(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    item = article(paragraphs=["临空经济示范区的AI产业，陈𠮷介绍说。", "第二段：王　伟。"])
    _seq, handed = line(1, words_of(item)).split(b" ", 1)
    record(made, item)
    with made.read() as connection:
        [version] = versions.after(connection, 0, 10)
    assert Words(**json.loads(handed)) == words_of(version.article)
    made.close()
