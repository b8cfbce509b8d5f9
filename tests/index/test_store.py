from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawl.index import indexer, rebuilding
from newscrawl.index.client import IndexerClient
from newscrawl.index.current import CurrentSearcher
from newscrawl.index.damage import IndexHindered, IndexUnusable
from newscrawl.index.handed import Handed
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from newscrawl.index.whoosh_engine import words
from newscrawl.index.whoosh_engine.writer import WhooshWriter
from newscrawl.ops.health import IndexHealth, examine
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


@pytest.mark.parametrize("content", [b"", b"\0\xff\0", b"x" * 5000, b"..", b"../elsewhere"])
def test_f8_a_pointer_that_names_no_index_is_said(home_and_catalogue, content):
    home, made = home_and_catalogue
    (home.indexes / "CURRENT").write_bytes(content)
    with pytest.raises(IndexUnusable, match=r"CURRENT: names no index: run `newscrawl reindex`"):
        total(home, made)
    with closing(CurrentSearcher(home)) as current, pytest.raises(IndexUnusable):
        current.get()
    rebuilding.rebuild(Store(home.indexes), made)
    assert total(home, made) == 5


@pytest.mark.parametrize("name", ["CURRENT", "key"])
def test_f8_what_cannot_be_read_is_a_hindrance(home_and_catalogue, name):
    home, made = home_and_catalogue
    path = home.indexes / name
    path.unlink()
    path.mkdir()
    with pytest.raises(IndexHindered, match=f"{name}: .*check free space and permissions"):
        total(home, made)


LOOKS = {
    "how far it is": lambda home, made: IndexerClient(home, catalogue=made).mark() == 5,
    "whether it is behind": lambda home, made: not indexer.behind(Store.of(home), made),
    "its health": lambda home, _made: health(home).index == IndexHealth(0, None),
}


@pytest.mark.parametrize("look", LOOKS)
def test_whoever_looks_while_a_rebuild_takes_its_place_looks_again(
    home_and_catalogue, monkeypatch, look
):
    home, made = home_and_catalogue
    current = Store.current

    def overtaken(store):
        build = current(store)
        monkeypatch.undo()
        rebuilding.rebuild(store, made)
        return build

    monkeypatch.setattr(Store, "current", overtaken)
    assert LOOKS[look](home, made)


def health(home):
    return examine(home, datetime.now(UTC), [], 0)


def test_an_open_searcher_outlives_its_build(home_and_catalogue):
    home, made = home_and_catalogue
    searcher = Searcher(home, made)
    rebuilding.rebuild(Store(home.indexes), made)
    found = searcher.search(SearchRequest('"恢复通航"'))
    assert (found.total, found.behind, searcher.count()) == (5, 0, 5)
    searcher.close()


@pytest.mark.parametrize(("meanwhile", "built"), [(2, 5), (3, 8), (7, 12)])
def test_what_comes_during_a_rebuild_is_built_but_for_the_last_of_it(
    home_and_catalogue, monkeypatch, meanwhile, built
):
    home, made = home_and_catalogue
    monkeypatch.setattr(rebuilding, "LEFT", 3)
    told, coming = [], [list(range(6, 6 + meanwhile))]

    def progress(done):
        told.append(done)
        if coming:
            record(made, *map(article, coming.pop()))

    assert rebuilding.rebuild(Store(home.indexes), made, progress).mark() == built
    assert told[-1] == built
    assert total(home, made) == built


def test_a_searcher_that_a_rebuild_overtakes_opens_the_new_build(home_and_catalogue, monkeypatch):
    home, made = home_and_catalogue
    current = Store.current

    def overtaken(store):
        build = current(store)
        monkeypatch.undo()
        rebuilding.rebuild(store, made)
        return build

    monkeypatch.setattr(Store, "current", overtaken)
    assert total(home, made) == 5


ASK = """
import pathlib, sys
from newscrawl.home import Home
from newscrawl.index import indexer, rebuilding
from newscrawl.index.store import Store
with indexer.taken(Store(Home(pathlib.Path(sys.argv[1])).indexes), 60):
    print("taken", flush=True)
"""


def asking(home):
    return subprocess.Popen([sys.executable, "-c", ASK, str(home.root)], stdout=subprocess.PIPE)


def test_f1_an_asker_that_is_killed_does_not_stop_the_indexer(home_and_catalogue):
    home, made = home_and_catalogue
    store = Store(home.indexes)
    with indexer.taken(store, 0), asking(home) as asker:
        deadline = time.monotonic() + 30
        while not indexer.asked_for(store) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert indexer.asked_for(store)
        asker.kill()
        asker.wait()
        assert not indexer.asked_for(store)
    record(made, article(6))
    follow(home, made)
    assert total(home, made) == 6


def test_an_indexer_lets_go_when_asked(home_and_catalogue):
    home, made = home_and_catalogue
    with Path("/dev/null").open("rb") as nothing:
        words = (Store(home.indexes), made, Handed(nothing), 60.0)
        following = threading.Thread(target=indexer.run, args=words)
        following.start()
        with asking(home) as asker:
            assert asker.stdout is not None
            assert asker.stdout.read() == b"taken\n"
        following.join(timeout=10)
        assert not following.is_alive()


# Whoosh leaves a file open when it cannot read it.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("damage", ["missing", "garbage", "empty"])
def test_f8_a_damaged_index_is_named_and_rebuilt_never_created_over(home_and_catalogue, damage):
    home, made = home_and_catalogue
    build = Store(home.indexes).current()
    [toc] = build.directory.glob("*/whoosh/*.toc")
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
    [segment] = build.directory.glob("*/whoosh/*.lists")
    segment.write_bytes(bytes(segment.stat().st_size))
    assert list(build.damaged()) == [f"2023-Q4/whoosh/{segment.name}"]
    follow(home, made)
    assert total(home, made) == 5


def test_what_comes_while_it_is_tidied_is_not_kept_waiting(home_and_catalogue, monkeypatch):
    home, made = home_and_catalogue
    build, tidy, marks = Store(home.indexes).current(), WhooshWriter.tidy, []

    def meanwhile(writer, stop):
        marks.append(build.mark())
        assert not stop()
        if len(marks) == 1:
            record(made, article(6))
            assert stop()
        tidy(writer, stop)

    monkeypatch.setattr(WhooshWriter, "tidy", meanwhile)
    with monkeypatch.context() as once:
        once.setattr(indexer, "behind", lambda *_words: False)
        record(made, article(7))
        follow(home, made)
    assert marks == [6, 7]


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
    assert Store(home.indexes).current().mark() == 6


def test_an_index_of_nothing_finds_nothing(tmp_path):
    home, made = indexed(tmp_path, [])
    assert total(home, made) == 0
    made.close()


def test_f2_what_a_killed_commit_left_is_removed(home_and_catalogue):
    home, _made = home_and_catalogue
    [held] = Store(home.indexes).current().directory.glob("*/whoosh")
    left = held / "_MAIN_17.toc.1795451538.0077136"
    left.write_bytes(b"")
    words.WordsWriter(held).close()
    assert not left.exists()


@pytest.mark.slow
def test_many_small_commits_are_merged_and_nothing_is_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(words, "TOGETHER", 3)
    monkeypatch.setattr(words, "MERGED_DOCUMENTS", 18)
    home, made = indexed(tmp_path, [article(1)])
    build = Store(home.indexes).current()
    for number in range(2, 30):
        record(made, article(number), article(number - 1, headline="更正", record_id=f"<{number}>"))
        follow(home, made)
    made.close()
    assert build.mark() == 1 + 2 * 28
    segments = list(build.directory.glob("2023-Q4/whoosh/*.lists"))
    assert 2 <= len(segments) <= 8
    reader = build.reader()
    assert reader.count() == 29
    reader.close()
