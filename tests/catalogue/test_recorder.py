from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from newscrawl.catalogue.recorder import Recorder
from newscrawl.catalogue.schema import papers
from tests.makers import catalogue


def add(name):
    return lambda tx: tx.execute(papers.insert().values(name=name, title=name))


def names(made):
    with made.read() as connection:
        return set(connection.scalars(select(papers.c.name)))


@pytest.fixture
def made(tmp_path):
    opened = catalogue(tmp_path / "newscrawl.db")
    yield opened
    opened.close()


def test_works_run_in_order_and_all_are_committed_at_close(made):
    recorder, order = Recorder(made), []
    for number in range(300):
        recorder.submit(lambda _tx, number=number: order.append(number))
    recorder.submit(add("last"))
    recorder.close()
    assert order == list(range(300))
    assert "last" in names(made)


def test_one_that_fails_takes_nothing_else_with_it(made):
    recorder = Recorder(made)
    with made.write():  # holds the lock, so that the works below share a transaction
        before = recorder.submit(add("before"))
        broken = recorder.submit(lambda tx: (add("half")(tx), add("half")(tx)))
        after = recorder.submit(add("after"))
    recorder.close()
    assert before.exception() is None
    assert after.exception() is None
    assert broken.exception() is not None
    assert {"before", "after"} <= names(made)
    assert "half" not in names(made)


def test_what_is_prepared_reads_before_the_lock_is_taken(made):
    recorder, reading, wrote = Recorder(made), threading.Event(), threading.Event()

    def before(view):
        seen = set(view.scalars(select(papers.c.name)))
        reading.set()
        assert wrote.wait(20)
        return lambda tx: (seen, set(tx.scalars(select(papers.c.name))))

    future = recorder.submit_prepared(before)
    assert reading.wait(20)
    with made.write() as connection:  # would wait for the end of the work
        add("between")(connection)
    wrote.set()
    seen, found = future.result(timeout=30)
    recorder.close()
    assert found - seen == {"between"}


def test_a_preparation_that_fails_takes_nothing_else_with_it(made):
    recorder = Recorder(made)

    def fail(_view):
        raise ValueError("not to be prepared")

    with made.write():  # holds the lock, so that the works below share a transaction
        recorder.submit(add("first"))
        broken = recorder.submit_prepared(fail)
        after = recorder.submit_prepared(lambda _view: add("after"))
    recorder.close()
    assert isinstance(broken.exception(), ValueError)
    assert after.exception() is None
    assert {"first", "after"} <= names(made)


def test_f12_a_catalogue_locked_by_another_is_waited_for(made):
    recorder, release, held = Recorder(made), threading.Event(), threading.Event()

    def hold():
        with made.write():
            held.set()
            release.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(10)
    future = recorder.submit(add("patient"))
    with pytest.raises(TimeoutError):
        future.result(timeout=3)  # SQLite asks again and again, and gives up after a minute
    with made.read() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() >= 30_000
    release.set()
    holder.join()
    future.result(timeout=30)
    recorder.close()
    assert "patient" in names(made)
