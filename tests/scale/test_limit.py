"""The largest limit, on as many hits: no bound ends it, and it takes little memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from benchmarks.enlarged import PAPERS
from benchmarks.stocked import fill
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from newscrawl.index import indexer
from newscrawl.index.store import Store
from newscrawl.items import Article
from tests.crawls import Newsroom
from tests.faults.rounds import few_or_full
from tests.makers import article

pytestmark = pytest.mark.scale

HITS = few_or_full(20_000, 100_000)
SECONDS = few_or_full(3, 10)
"""In which they are found; to read and write them takes longer."""
MEGABYTES = 260
"""Of the whole process; most of it is there before the first hit."""
MEASURED = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(status)
"""
"""Runs a command and says its kilobytes: a child's begin with what its parent has."""
FIRST = date(2000, 1, 1)


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Newsroom:
    home = Home(tmp_path_factory.mktemp("home"))
    home.indexes.mkdir()
    fill(home, tiny(), HITS)
    catalogue = Catalogue.open(home.catalogue)
    indexer.rebuild(Store(home.indexes), catalogue)
    catalogue.close()
    return Newsroom(home.root, {"NEWSCRAWL_QUERY_SECONDS": str(SECONDS)})


def tiny() -> Iterator[Article]:
    paper = next(iter(PAPERS))
    for number in range(HITS):
        day = (FIRST + timedelta(days=number // 100)).isoformat()
        yield article(
            number, paper=paper, edition=day, url=f"import:{paper}/{number}", own_id=str(number)
        )


@pytest.mark.parametrize("options", [("--json",), ("--json", "--all"), ("--sort", "newest")])
def test_c7_every_hit_of_the_largest_limit_is_shown(room, tmp_path, options):
    output = tmp_path / "shown"
    words = ["-m", "newscrawl", "search", "渡口", "--limit", "100000", *options]
    with output.open("wb") as file:
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, sys.executable, *words],
            env=room.variables(),
            stdout=file,
            stderr=subprocess.PIPE,
            check=True,
        )
    assert int(done.stderr) // 1024 < MEGABYTES
    if "--json" in options:
        told = json.loads(output.read_bytes())
        assert (told["total"], len(told["results"])) == (HITS, HITS)
    else:
        assert f"{HITS} 篇, {HITS} shown" in output.read_text(encoding="utf-8")
