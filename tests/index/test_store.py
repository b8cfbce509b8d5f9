from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from newscrawl.index import indexer, sums
from newscrawl.index.handed import Handed
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import IndexUnusable, Store
from tests.makers import article, indexed, record


@pytest.fixture
def home_and_catalogue(tmp_path):
    home, made = indexed(tmp_path / "home", [article(number) for number in range(1, 6)])
    yield home, made
    made.close()


def total(home, made, query="渡口"):
    searcher = Searcher(home, made)
    try:
        return searcher.search(SearchRequest(query)).total
    finally:
        searcher.close()


def follow(home, made):
    with Path("/dev/null").open("rb") as nothing:
        indexer.run(Store(home.indexes), made, Handed(nothing), idle_seconds=0.3)


def test_f8_without_an_index_a_search_says_what_to_do(tmp_path, home_and_catalogue):
    home, made = home_and_catalogue
    shutil.rmtree(home.indexes)
    home.indexes.mkdir()
    with pytest.raises(IndexUnusable, match="no index yet"):
        total(home, made)


# Whoosh leaves a file open when it cannot read it.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("damage", ["missing", "garbage", "empty"])
def test_f8_a_damaged_index_is_named_and_rebuilt_never_created_over(home_and_catalogue, damage):
    home, made = home_and_catalogue
    build = Store(home.indexes).current()
    [toc] = build.words.glob("*.toc")
    match damage:
        case "missing":
            toc.unlink()
        case "garbage":
            toc.write_bytes(b"garbage" * 50)
        case "empty":
            toc.write_bytes(b"")
    with pytest.raises(IndexUnusable, match="reindex"):
        total(home, made)
    follow(home, made)
    assert Store(home.indexes).current().directory != build.directory
    assert total(home, made) == 5


def test_f9_an_indexer_started_twice_changes_nothing(home_and_catalogue):
    home, made = home_and_catalogue
    follow(home, made)
    follow(home, made)
    assert total(home, made) == 5


def test_f3_a_segment_that_is_not_what_was_written_is_rebuilt(home_and_catalogue):
    home, made = home_and_catalogue
    build = Store(home.indexes).current()
    [segment] = build.words.glob("*.seg")
    segment.write_bytes(bytes(segment.stat().st_size))
    assert list(sums.damaged(build)) == [segment.name]
    follow(home, made)
    assert total(home, made) == 5


def test_j3_an_index_from_elsewhere_is_refused(tmp_path, home_and_catalogue):
    home, made = home_and_catalogue
    other, other_made = indexed(tmp_path / "other", [article(9)])
    other_made.close()
    shutil.rmtree(home.indexes)
    shutil.copytree(other.indexes, home.indexes, ignore=shutil.ignore_patterns("key"))
    with pytest.raises(IndexUnusable, match="made elsewhere"):
        total(home, made)


def test_j3_an_index_that_others_may_write_is_refused(home_and_catalogue):
    home, made = home_and_catalogue
    Store(home.indexes).current().directory.chmod(0o770)
    with pytest.raises(IndexUnusable, match="writable by others"):
        total(home, made)


def test_an_edit_takes_the_place_of_the_earlier_version(home_and_catalogue):
    home, made = home_and_catalogue
    record(
        made,
        article(2, headline="第2号码头恢复通航", record_id="<urn:uuid:edit>"),
    )
    follow(home, made)
    assert total(home, made, "headline:渡口") == 4
    assert total(home, made, "码头") == 1


def test_a_quarantined_version_is_not_found(home_and_catalogue):
    home, made = home_and_catalogue
    record(made, article(7, decode_errors=50, characters=100))
    follow(home, made)
    assert total(home, made) == 5
    assert sums.mark(Store(home.indexes).current()) == 6


def test_an_index_of_nothing_finds_nothing(tmp_path):
    home, made = indexed(tmp_path, [])
    assert total(home, made) == 0
    made.close()
