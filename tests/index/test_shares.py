"""An index that several processes have built is the one that one process builds."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter

import pytest

from newscrawl.home import Home
from newscrawl.index import shares
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.shares import ShareFailed, dealt
from newscrawl.index.store import Store
from tests.makers import article, indexed, record

EDITIONS = ("2022-12-31", "2023-02-28", "2023-06-01", "2023-12-15", "没有日期")
QUERIES = ("渡口", "第1号 OR 第7号", "市民 -更正", '"恢复通航"', "date:2023", "更正")


@pytest.fixture
def home_and_catalogue(tmp_path, monkeypatch):
    monkeypatch.setattr(shares, "LEAST", 5)
    items = [article(number, edition=EDITIONS[number % len(EDITIONS)]) for number in range(1, 60)]
    home, made = indexed(tmp_path / "家", items)
    edited = article(7, record_id="<urn:7>", headline="更正：第7号渡口", edition=EDITIONS[0])
    record(made, edited)
    yield home, made
    made.close()


def answers(home: Home, made):
    searcher = Searcher(home, made)
    found = [searcher.search(SearchRequest(query, limit=100)) for query in QUERIES]
    facets = searcher.count()
    searcher.close()
    return facets, [
        (each.total, [(hit.version.seq, hit.score) for hit in each.hits]) for each in found
    ]


def test_several_processes_build_what_one_builds(home_and_catalogue):
    home, made = home_and_catalogue
    store = Store(home.indexes)
    rebuild(store, made)
    alone = answers(home, made)
    told = []
    build = rebuild(store, made, told.append, processes=3)
    assert answers(home, made) == alone
    assert alone[0] == 59
    assert told[-1] == 59
    assert list(build.problems()) == []
    assert not list(build.directory.glob("share-*"))
    assert build.mark() == 60


def test_what_comes_meanwhile_is_built_too(home_and_catalogue, monkeypatch):
    home, made = home_and_catalogue
    run = shares._run

    def run_while_a_crawl_goes_on(*arguments):
        run(*arguments)
        record(made, article(60, edition=EDITIONS[3]))

    monkeypatch.setattr(shares, "_run", run_while_a_crawl_goes_on)
    assert rebuild(Store(home.indexes), made, processes=2).mark() == 61
    assert answers(home, made)[0] == 60


def failing_at_its_end(share, told):
    """The first share fails once all of it is written."""
    shares._built(share, told)
    if share.directory.name == "share-0":
        raise KeyError("bug")


def test_a_share_that_fails_fails_the_whole_and_the_old_index_stays(
    home_and_catalogue, monkeypatch, capfd
):
    home, made = home_and_catalogue
    store, before = Store(home.indexes), answers(home, made)
    monkeypatch.setattr(shares, "_built", failing_at_its_end)
    with pytest.raises(ShareFailed, match="share-0"):
        rebuild(store, made, processes=2)
    assert "KeyError" in capfd.readouterr().err
    assert answers(home, made) == before


def slow_or_failing(share, told):
    """The first share fails while the others would build for a long time."""
    if share.directory.name == "share-0":
        raise OSError("no")
    told.send(1)
    time.sleep(60)


def test_a_share_that_fails_ends_the_others_at_once(home_and_catalogue, monkeypatch, capfd):
    home, made = home_and_catalogue
    monkeypatch.setattr(shares, "_built", slow_or_failing)
    began = time.monotonic()
    with pytest.raises(ShareFailed, match="share-0"):
        rebuild(Store(home.indexes), made, processes=3)
    assert time.monotonic() - began < 30
    assert not [each for each in multiprocessing.active_children() if each.is_alive()]
    assert "OSError: no" in capfd.readouterr().err


def test_parts_are_dealt_whole_and_evenly():
    placed = [(n, part) for n, part in enumerate("aaaaabbbbccccdde")]
    made = dealt(placed, 2)
    assert sorted(map(len, made)) == [8, 8]
    owners = {part: {i for i, seqs in enumerate(made) for seq in seqs if placed[seq][1] == part}
              for part in "abcde"}  # fmt: skip
    assert all(len(each) == 1 for each in owners.values())
    assert Counter(seq for seqs in made for seq in seqs) == Counter(range(16))
    assert all(seqs == sorted(seqs) for seqs in made)


def test_there_are_no_more_shares_than_parts_and_none_is_empty():
    assert dealt([(1, "a"), (2, "a")], 4) == [[1, 2]]
    assert dealt([(1, "a")], 0) == []
