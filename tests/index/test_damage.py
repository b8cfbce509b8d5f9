"""What damaged files, a full disk and errors of ours are called."""

from __future__ import annotations

import errno
import logging
import os
import pickle
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from itertools import count, cycle
from pathlib import Path

import pytest

from newscrawl.index import indexer, rebuilding
from newscrawl.index.damage import IndexDamaged, IndexHindered, IndexUnusable
from newscrawl.index.engine import FACETS, Window
from newscrawl.index.handed import Handed
from newscrawl.index.plan import EVERYTHING, Key, Run
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Build, Store
from newscrawl.index.whoosh_engine.part import PartReader
from newscrawl.index.whoosh_engine.table import Table, problems
from tests.crawls import PROJECT
from tests.index.kinds import KINDS, chosen, engine
from tests.index.shelf import Shelf, document, generated, written
from tests.makers import article, indexed, record

BODY = ("headline", "around", "body")
ASKED = (EVERYTHING, Run(("临空",), False, BODY), Key("page", ("要闻",)))
DAYS = ("2022-03-01", "2023-12-15")
PLACES = 8
"""At so many places of every file a byte is changed."""

pytestmark = [
    # Whoosh leaves a file open when it cannot read it.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    # NumPy warns of numbers that no index has.
    pytest.mark.filterwarnings("ignore::RuntimeWarning"),
]


@pytest.fixture(scope="module", params=KINDS)
def build(request, tmp_path_factory) -> Build:
    kind, shelf = engine(request.param), Shelf()
    made = Build(tmp_path_factory.mktemp(kind.name), kind)
    kind.create(made.directory)
    with closing(made.writer()) as writer:
        made_of = zip(generated(40, random.Random(1)), cycle(DAYS), strict=False)
        written(writer, [shelf.add(replace(each, edition=day)) for each, day in made_of], 20)
        written(writer, [shelf.add(shelf.articles[seq], of=seq) for seq in (1, 2)])
    return made


def read(build: Build) -> None:
    with build.sound(), closing(build.reader()) as reader:
        for wanted in ASKED:
            reader.search(wanted, Window(words=("渡口", "临空", "的"), limit=100))
            reader.seqs(wanted)
            reader.facets(wanted, FACETS)
        reader.beginning("渡临的")


def write(build: Build) -> None:
    with build.sound(), closing(build.writer()) as writer:
        # Threads of Tantivy's that merge end the process at what they cannot read.
        if build.engine.name == "whoosh":
            written(
                writer,
                [document(seq, article(seq, edition=day)) for seq, day in enumerate(DAYS, 900)],
            )
            writer.upkeep(ending=True)


def damages(content: bytes, chance: random.Random):
    for place in sorted(chance.sample(range(len(content)), min(PLACES, len(content)))):
        changed = bytearray(content)
        changed[place] ^= chance.choice((0x01, 0x55, 0x80, 0xFF))
        yield bytes(changed)
    yield from (content[:length] for length in (0, len(content) // 2, len(content) - 1))
    yield bytes(len(content))
    yield None


def kinds_of_files(build: Build) -> list[Path]:
    """One file of every kind, the last."""
    every = sorted(each for each in build.directory.rglob("*") if each.is_file())
    return list({each.suffix or each.name: each for each in every if each.stat().st_size}.values())


@pytest.mark.parametrize("using", [read, pytest.param(write, marks=pytest.mark.slow)])
def test_f8_damaged_files_give_an_answer_or_are_named(build, tmp_path, using):
    chance, damaged, number = random.Random(20231215), set(), count()
    for path in kinds_of_files(build):
        for changed in damages(path.read_bytes(), chance):
            # A place of its own: a thread of Tantivy's may still end in the one before.
            copy = Build(tmp_path / f"copy-{next(number)}", build.engine)
            shutil.copytree(build.directory, copy.directory)
            target = copy.directory / path.relative_to(build.directory)
            target.unlink() if changed is None else target.write_bytes(changed)
            try:
                using(copy)
            except IndexDamaged:
                damaged.add(path)
            shutil.rmtree(copy.directory, ignore_errors=True)
    assert len(damaged) >= 4


def test_a_sound_index_is_used_without_a_word(build, tmp_path):
    copy = Build(tmp_path / "copy", build.engine)
    shutil.copytree(build.directory, copy.directory)
    copy.check()
    write(copy)
    read(copy)


def test_an_error_of_ours_stays_what_it_is(build):
    with pytest.raises(KeyError, match="bug"), build.sound():
        raise KeyError("bug")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EMFILE])
def test_what_the_system_refuses_is_no_damage(build, tmp_path, number):
    copy = Build(tmp_path / "copy", build.engine)
    shutil.copytree(build.directory, copy.directory)
    (copy.directory / "state.json").unlink()
    with pytest.raises(IndexHindered, match="free space and permissions"), copy.sound():
        raise OSError(number, "refused")


def test_an_error_goes_through_a_pipe():
    for kind in (IndexDamaged, IndexHindered):
        error = kind.by(KeyError("x"), Path("/index"))
        assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.fixture
def home_and_catalogue(tmp_path):
    home, made = indexed(tmp_path / "home", [article(number) for number in range(1, 6)])
    yield home, made
    made.close()


def follow(home, made):
    _run(Store(home.indexes), made)


def _run(store, made):
    with Path("/dev/null").open("rb") as nothing:
        indexer.run(store, made, Handed(nothing), idle_seconds=0.3)


@pytest.mark.parametrize("pattern", ["*/whoosh/*.lists", "*/whoosh/*.toc", "*/grams.db"])
def test_f8_what_was_damaged_is_logged_and_built_anew(home_and_catalogue, caplog, pattern):
    home, made = home_and_catalogue
    build = Store(home.indexes).current()
    [file] = build.directory.glob(pattern)
    file.unlink() if pattern.endswith("db") else file.write_bytes(b"x" + file.read_bytes()[1:])
    with caplog.at_level(logging.WARNING):
        follow(home, made)
    [told] = [each for each in caplog.records if each.name == "newscrawl.index.indexer"]
    assert told.levelno == logging.WARNING
    assert str(file) in told.getMessage()
    assert "built anew" in told.getMessage()
    assert Store(home.indexes).current().directory != build.directory


def test_f8_damage_that_shows_while_it_is_written_is_built_anew(home_and_catalogue, caplog):
    home, made = home_and_catalogue
    build = Store(home.indexes).current()
    [table] = build.directory.glob("*/grams.db")
    table.write_bytes(b"no database" * 400)
    record(made, article(6))
    follow(home, made)
    assert "grams.db: damaged" in caplog.text
    assert Store(home.indexes).current().mark() == 6


def test_an_error_of_ours_builds_nothing_anew(home_and_catalogue, monkeypatch):
    home, made = home_and_catalogue
    build = Store(home.indexes).current()

    def buggy(*_words):
        raise KeyError("bug")

    monkeypatch.setattr(indexer, "next_batch", buggy)
    with pytest.raises(KeyError, match="bug"):
        follow(home, made)
    assert Store(home.indexes).current() == build


def test_an_error_of_ours_in_a_search_is_not_called_damage(home_and_catalogue, monkeypatch):
    home, made = home_and_catalogue

    def buggy(*_words):
        raise KeyError("bug")

    with closing(Searcher(home, made)) as searcher:
        monkeypatch.setattr(PartReader, "where", buggy)
        with pytest.raises(KeyError, match="bug"):
            searcher.search(SearchRequest("渡口"))


def test_f6_a_full_disk_is_said_and_builds_nothing_anew(home_and_catalogue, monkeypatch):
    home, made = home_and_catalogue
    build = Store(home.indexes).current()
    record(made, article(6))

    def full(*_words):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("newscrawl.index.whoosh_engine.state.write", full)
    with pytest.raises(IndexHindered, match="No space left"):
        follow(home, made)
    monkeypatch.undo()
    assert Store(home.indexes).current() == build
    follow(home, made)
    assert build.mark() == 6


def test_f6_a_rebuild_without_room_leaves_nothing_behind(home_and_catalogue, monkeypatch):
    home, made = home_and_catalogue

    def full(*_words):
        raise OSError(errno.ENOSPC, "No space left on device")

    before = Store(home.indexes).current()
    monkeypatch.setattr("newscrawl.index.rebuilding.between", full)
    with pytest.raises(IndexHindered):
        rebuilding.rebuild(Store(home.indexes), made)
    assert list(home.indexes.glob("build-*")) == [before.directory]


@pytest.mark.parametrize("kind", KINDS)
def test_f6_a_build_without_room_to_begin_leaves_nothing_behind(tmp_path, monkeypatch, kind):
    engine(kind)
    store = Store(tmp_path, kind)

    def full(*_words):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("newscrawl.index.store.replace", full)
    with pytest.raises(IndexHindered, match="No space left"):
        store.create()
    assert list(tmp_path.glob("build-*")) == []


def test_f6_what_tantivy_says_of_a_full_disk_is_no_damage(tmp_path, monkeypatch):
    tantivy = pytest.importorskip("tantivy", reason="the tantivy engine is optional")
    store = Store(tmp_path, "tantivy")

    def full(*_words):
        raise ValueError("An IO error occurred: 'No space left on device (os error 28) at path'")

    monkeypatch.setattr(tantivy, "Index", full)
    with pytest.raises(IndexHindered, match="No space left"):
        store.create()


def test_a_side_table_that_cannot_be_opened_has_a_problem(tmp_path):
    path = tmp_path / "grams.db"
    path.mkdir()
    [problem] = problems(path)
    assert "disk I/O error" in problem or "unable to open" in problem


LIMITED = """
import sys
import threading
import time
from pathlib import Path
from tests.index.kinds import engine
from tests.index.shelf import Shelf, generated, written
from newscrawl.index.store import Build
import random
build, shelf = Build(Path(sys.argv[2]), engine(sys.argv[1])), Shelf()
try:
    with build.sound():
        writer = build.writer()
        articles = list(generated(300, random.Random(1)))
        written(writer, [shelf.add(each) for each in articles], 100)
        writer.upkeep(ending=True)
        writer.close()
except Exception as error:
    print(type(error).__name__)
"""


@pytest.mark.fault
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("most", [0, 2_000, 20_000])
def test_f6_files_that_may_not_grow_are_a_hindrance(tmp_path, kind, most):
    engine(kind).create(tmp_path)

    def limited():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, kind, str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=limited,
        check=True,
    )
    is_enough = (kind, most) == ("tantivy", 20_000)  # its files stay smaller
    assert ended.stdout.strip() == ("" if is_enough else "IndexHindered"), ended.stderr


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT x FROM names", sqlite3.OperationalError),
        ("INSERT INTO names VALUES (1, 'a')", None),
    ],
)
def test_a_wrong_statement_is_an_error_of_ours(tmp_path, statement, expected):
    engine("whoosh").create(tmp_path)
    with closing(engine("whoosh").writer(tmp_path)) as writer:
        written(writer, [document(1, article(1))])
    [path] = tmp_path.glob("*/grams.db")
    table = Table(path, "ro")
    with pytest.raises(expected or IndexHindered):
        table.rows(statement)
    table.close()
    with pytest.raises(IndexUnusable):
        Table(tmp_path / "none.db", "ro").rows("SELECT 1")


def other_quarter(home, made):
    """The side table of a quarter that no run touches any more."""
    record(made, *(article(number, edition="2022-03-01") for number in range(20, 60)))
    follow(home, made)
    follow(home, made)  # all is looked at, and noted
    [table] = Store(home.indexes).current().directory.glob("2022-Q1/grams.db")
    return table


def found(home, made):
    with closing(Searcher(home, made)) as searcher:
        return searcher.search(SearchRequest("渡口恢复")).total


@pytest.mark.parametrize("noticed", [True, False])
def test_f8_a_damaged_side_table_that_nothing_is_written_to_is_built_anew(
    home_and_catalogue, caplog, noticed
):
    home, made = home_and_catalogue
    table = other_quarter(home, made)
    assert (found(home, made), caplog.text) == (45, "")
    table.write_bytes(table.read_bytes()[:4096] + bytes(table.stat().st_size - 4096))
    if noticed:
        with pytest.raises(IndexDamaged, match="reindex"):
            found(home, made)
    record(made, article(6))
    follow(home, made)
    assert f"{table}: damaged" in caplog.text
    assert found(home, made) == 46


def test_f8_what_changes_by_itself_is_mended_once_a_search_has_met_it(home_and_catalogue, caplog):
    """The system says the same of the file as before."""
    home, made = home_and_catalogue
    table = other_quarter(home, made)
    before, content = table.stat(), table.read_bytes()
    table.write_bytes(content[:4096] + bytes(len(content) - 4096))
    os.utime(table, ns=(before.st_atime_ns, before.st_mtime_ns))
    follow(home, made)
    assert caplog.text == ""
    with pytest.raises(IndexDamaged, match="reindex"):
        found(home, made)
    assert indexer.behind(Store(home.indexes), made)
    follow(home, made)
    assert f"{table}: damaged" in caplog.text
    assert found(home, made) == 45
    assert not indexer.behind(Store(home.indexes), made)


@pytest.mark.parametrize(
    ("kind", "pattern"), [("whoosh", "*/whoosh/*.lists"), ("tantivy", "*.idx")]
)
def test_f8_whatever_changes_by_itself_is_looked_at_once_it_is_met(tmp_path, kind, pattern):
    with chosen(kind):
        home, made = indexed(tmp_path / "home", [article(number) for number in range(1, 6)])
        store = Store.of(home)
        _run(store, made)
        build = store.current()
        [file] = build.directory.glob(pattern)
        before = file.stat()
        file.write_bytes(b"x" + file.read_bytes()[1:])
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        with pytest.raises(IndexDamaged, match="reindex"), build.sound():
            raise KeyError("met")
        _run(store, made)
        assert store.current() != build
        made.close()


def test_what_was_doubted_and_is_sound_stays(home_and_catalogue, caplog):
    home, made = home_and_catalogue
    build = Store(home.indexes).current()
    with pytest.raises(IndexDamaged), build.sound():
        raise IndexDamaged.found(build.directory / "2023-Q4/grams.db")
    assert build.doubted
    follow(home, made)
    assert Store(home.indexes).current() == build
    assert not build.doubted
    assert caplog.text == ""


def test_an_indexer_at_work_lets_go_of_an_index_that_is_doubted(home_and_catalogue):
    home, made = home_and_catalogue
    table, met = other_quarter(home, made), threading.Event()

    def meet_it():
        time.sleep(0.5)
        table.write_bytes(b"no database" * 400)
        with pytest.raises(IndexDamaged):
            found(home, made)
        met.set()

    other = threading.Thread(target=meet_it)
    other.start()
    with Path("/dev/null").open("rb") as nothing:
        store = Store(home.indexes)
        build, began = store.current(), time.monotonic()
        indexer.follow(store, made, Handed(nothing), idle_seconds=30)
    other.join()
    assert met.is_set()
    assert time.monotonic() - began < 20
    assert build.doubted


def test_a_side_table_that_may_not_be_read_is_no_damage(tmp_path, monkeypatch):
    engine("whoosh").create(tmp_path)
    with closing(engine("whoosh").writer(tmp_path)) as writer:
        written(writer, [document(1, article(1))])

    def refused(*_words, **_named):
        error = sqlite3.OperationalError("unable to open database file")
        error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
        raise error

    monkeypatch.setattr(sqlite3, "connect", refused)
    with pytest.raises(IndexHindered):
        Build(tmp_path, engine("whoosh")).check()


def test_lists_of_a_side_table_are_read_by_a_thorough_look(tmp_path):
    """SQLite's own check passes over what FTS5 has put into its pages."""
    kind = engine("whoosh")
    kind.create(tmp_path)
    with closing(kind.writer(tmp_path)) as writer:
        written(writer, [document(number, article(number)) for number in range(1, 200)])
        writer.upkeep(ending=True)
    [path] = tmp_path.glob("*/grams.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE grams_data SET block = zeroblob(length(block)) WHERE id > 1000")
    assert problems(path) == []
    [(file, what)] = Build(tmp_path, kind).problems()
    assert file.endswith("grams.db")
    assert "malformed" in what
