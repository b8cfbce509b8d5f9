"""kill -9 while the index follows a changed dictionary: the next indexer finishes it."""

from __future__ import annotations

import random
import subprocess
import time
from pathlib import Path

import pytest

from newscrawl.home import Home
from newscrawl.index import indexer
from newscrawl.index.handed import Handed
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from tests.crawls import Newsroom
from tests.faults.rounds import rounds
from tests.makers import article, indexed

pytestmark = pytest.mark.fault

ARTICLES = 1_000
WORDS = ("号渡口", "渡口昨日", "日恢复", "恢复通航", "首班船", "班船载客", "出行方便", "民称赞")
QUERY = "号渡口 首班船 出行方便"


def test_f14_killed_at_random_moments_the_next_indexer_finishes(tmp_path):
    home, made = indexed(tmp_path / "home", map(article, range(1, ARTICLES + 1)))
    room, chance = Newsroom(home.root), random.Random(20231215)
    whole, killed = min(seconds(room, "add"), seconds(room, "remove")), 0
    for _number in rounds(4, 60):
        change = chance.choice(("add", "remove"))
        process = room.start("newscrawl", "dictionary", change, *chance.sample(WORDS, 3))
        try:
            process.communicate(timeout=whole * chance.uniform(0.1, 0.95))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            killed += 1
        assert scores(home, made)[0] == ARTICLES
        if chance.random() < 0.7:
            follow(home, made)
            assert scores(home, made) == scores(rebuilt(tmp_path / "other", made), made)
    made.close()
    assert killed


def seconds(room, change):
    """How long a change takes that is let alone; the words are none that are changed later."""
    began = time.monotonic()
    assert room.run("newscrawl", "dictionary", change, "渡口恢复", "市民称").returncode == 0
    return time.monotonic() - began


def follow(home, made):
    with Path("/dev/null").open("rb") as nothing:
        indexer.run(Store.of(home), made, Handed(nothing), idle_seconds=0.2)
    assert not indexer.behind(Store.of(home), made)


def rebuilt(path, made):
    home = Home(path)
    home.indexes.mkdir(parents=True, exist_ok=True)
    rebuild(Store.of(home), made)
    return home


def scores(home, made):
    """How many there are, and the best and worst with their scores."""
    searcher = Searcher(home, made)
    try:
        found = searcher.search(SearchRequest(QUERY, limit=100))
        return found.total, [(hit.version.seq, hit.score) for hit in found.hits]
    finally:
        searcher.close()
