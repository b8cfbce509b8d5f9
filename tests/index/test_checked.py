"""What was looked at once is not looked at again at every start, unless something happened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newscrawl.index import indexer
from newscrawl.index.checked import NAME, Checked
from newscrawl.index.damage import IndexDamaged
from newscrawl.index.handed import Handed
from newscrawl.index.store import Store
from tests.index.kinds import KINDS, engine
from tests.makers import article, indexed, record

FILES = {"whoosh": "*/whoosh/*.lists", "tantivy": "*.idx"}


@pytest.fixture(params=KINDS)
def home_and_catalogue(request, tmp_path, monkeypatch):
    engine(request.param)
    monkeypatch.setattr("newscrawl.settings.INDEX", f"{request.param}:indexes")
    home, made = indexed(tmp_path / "home", [])
    record(made, *(article(number) for number in range(1, 6)))
    store = Store(home.indexes, request.param)
    indexer.rebuild(store, made)
    yield store, made
    made.close()


def follow(store, made):
    with Path("/dev/null").open("rb") as nothing:
        indexer.run(store, made, Handed(nothing), idle_seconds=0.2)


def spoilt(build, *, unseen):
    """A file with one other byte; `unseen`: without a trace in what the system says of it."""
    file = min(build.directory.glob(FILES[build.engine.name]))
    status, content = file.stat(), bytearray(file.read_bytes())
    content[len(content) // 3] ^= 0xFF
    file.write_bytes(content)
    if unseen:
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    return file


def test_a_file_that_was_looked_at_is_passed_and_the_doctor_looks_again(home_and_catalogue):
    store, made = home_and_catalogue
    follow(store, made)
    build = store.current()
    file = spoilt(build, unseen=True)
    follow(store, made)
    assert store.current() == build
    assert [name for name, _what in build.problems()] == [str(file.relative_to(build.directory))]


def test_f3_a_file_that_has_changed_is_looked_at(home_and_catalogue):
    store, made = home_and_catalogue
    follow(store, made)
    spoilt(store.current(), unseen=False)
    with pytest.raises(IndexDamaged):
        store.current().check()


def test_f3_after_no_clean_end_every_file_is_looked_at(home_and_catalogue, monkeypatch):
    store, made = home_and_catalogue
    follow(store, made)
    build = store.current()
    assert (build.directory / NAME).exists()

    def killed(*_words):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(indexer, "next_batch", killed)
        with pytest.raises(KeyboardInterrupt):
            follow(store, made)
    spoilt(build, unseen=True)
    with pytest.raises(IndexDamaged):
        build.check()


def test_f3_what_was_written_since_is_looked_at_once(home_and_catalogue):
    store, made = home_and_catalogue
    follow(store, made)
    build = store.current()
    known = set(build.directory.rglob("*"))
    record(made, article(6))
    follow(store, made)
    fresh = set(build.directory.glob(FILES[build.engine.name])) - known
    assert fresh
    noted = Checked.noted(build.directory)
    assert not any(noted.knows(each) for each in fresh)
    follow(store, made)
    noted = Checked.noted(build.directory)
    assert all(noted.knows(each) for each in fresh if each.exists())


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b"null", b"3"])
def test_a_note_that_cannot_be_read_lets_every_file_be_looked_at(tmp_path, content):
    (tmp_path / NAME).write_bytes(content)
    (tmp_path / "a").write_bytes(b"a")
    assert not Checked.noted(tmp_path).knows(tmp_path / "a")
