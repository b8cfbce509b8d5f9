"""Searches that end when their time is over, in a pool that goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path

import psutil
import pytest

from newscrawl import settings
from newscrawl.catalogue.connection import CatalogueError
from newscrawl.home import Home
from newscrawl.index import indexer, pool
from newscrawl.index.answers import Question
from newscrawl.index.bounds import (
    Bounds,
    SearchBusy,
    SearchEnded,
    SearchFailed,
    SearchTimedOut,
    SearchTooLarge,
)
from newscrawl.index.handed import Handed
from newscrawl.index.pool import SearchPool
from newscrawl.index.search import SearchRequest
from newscrawl.index.store import Store
from newscrawl.query.errors import QueryError
from tests.makers import article, indexed, record
from tests.secrets import PROJECT

HARD = "tests.index.hard_worker"
SHORT = Bounds(seconds=2.0, megabytes=400)


@pytest.fixture
def hard(tmp_path, monkeypatch):
    """A pool of two workers that know the worst searches."""
    monkeypatch.chdir(PROJECT)
    with SearchPool(Home(tmp_path), SHORT, 2, program=HARD) as made:
        yield made
    assert children() == []


def children() -> list[psutil.Process]:
    """Workers of ours, zombies among them; an indexer of an earlier test is none."""
    return [
        each
        for each in psutil.Process().children(recursive=True)
        if each.status() == psutil.STATUS_ZOMBIE or {HARD, pool.PROGRAM} & set(each.cmdline())
    ]


def begun(count: int) -> list[psutil.Process]:
    """So many of them, as soon as the system says what they run: not at once, on a busy machine."""
    deadline = time.monotonic() + 10
    while len(found := children()) < count and time.monotonic() < deadline:
        time.sleep(0.01)
    return found


@pytest.mark.parametrize("asked", ["spin", "query"])
def test_c5_a_search_that_does_not_end_is_ended_and_the_next_is_answered(hard, asked):
    before = {child.pid for child in begun(2)}
    with pytest.raises(SearchTimedOut, match=r"longer than 2 seconds") as ended:
        hard.ask(asked)
    assert ended.value.status == 3
    assert len(str(ended.value).splitlines()) == 1
    assert psutil.pid_exists(hard.ask("who"))
    assert len(before - {child.pid for child in begun(2)}) == 1


def test_c5_eight_bad_searches_at_once_are_each_bounded_and_the_pool_stays_up(hard):
    with ThreadPoolExecutor(8) as threads:
        bad = ("spin", "query", "fill", "large answer") * 2
        asked = [threads.submit(hard.ask, each) for each in bad]
    ends = [each.exception() for each in asked]
    assert {type(end) for end in ends} <= {SearchTimedOut, SearchTooLarge, SearchBusy}
    assert sum(isinstance(end, SearchBusy) for end in ends) < len(ends)
    assert {hard.ask("who"), hard.ask("who")} == {child.pid for child in begun(2)}


def test_a_worker_knows_how_long_a_search_may_take(hard):
    assert hard.ask("how long") == SHORT.seconds


def test_c5_a_search_that_wants_too_much_memory_is_ended(tmp_path, monkeypatch):
    monkeypatch.chdir(PROJECT)
    with SearchPool(Home(tmp_path), Bounds(60, megabytes=400), 1, program=HARD) as made:
        with pytest.raises(SearchTooLarge, match="more than 400 MB"):
            made.ask("fill")
        with pytest.raises(SearchTooLarge):
            made.ask("large answer")
        assert psutil.pid_exists(made.ask("who"))


@pytest.mark.parametrize(
    ("asked", "said"), [("killed", "was ended by SIGKILL"), ("gone", "ended with 7")]
)
def test_a_worker_that_ends_by_itself_is_told_and_replaced(hard, asked, said):
    with pytest.raises(SearchFailed, match=said):
        hard.ask(asked)
    assert psutil.pid_exists(hard.ask("who"))


def test_a_worker_that_was_ended_while_it_waited_costs_nobody_an_answer(hard):
    for child in begun(2):
        child.kill()
        child.wait()
    assert psutil.pid_exists(hard.ask("who"))


def test_c5_who_comes_when_too_many_wait_is_refused(hard, monkeypatch):
    monkeypatch.setattr(pool, "WAITING", 0)
    with (
        SearchPool(Home("/nowhere"), SHORT, 1, program=HARD) as small,
        ThreadPoolExecutor(2) as threads,
    ):
        both = [threads.submit(small.ask, "spin") for _ in range(2)]
    ends = sorted(type(each.exception()).__name__ for each in both)
    assert ends == ["SearchBusy", "SearchTimedOut"]


def test_c5_the_seconds_of_a_search_count_from_when_it_is_asked(tmp_path, monkeypatch):
    monkeypatch.chdir(PROJECT)
    (tmp_path / "slow").touch()
    with SearchPool(Home(tmp_path), Bounds(1.0, megabytes=400), 1, program=HARD) as made:
        [starting] = begun(1)
        began = time.monotonic()
        with pytest.raises(SearchTimedOut, match="longer than 1 seconds"):
            made.ask("who")
        assert time.monotonic() - began < 2.5
        assert children() == [starting], "what has only begun is not begun anew"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with suppress(SearchTimedOut):
                assert made.ask("who") == starting.pid
                return
        pytest.fail("it never answered")


def test_a_pool_is_made_as_it_is_set(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "SEARCH_WORKERS", 3)
    monkeypatch.setattr(settings, "QUERY_SECONDS", 7.0)
    with SearchPool.of(Home(tmp_path)) as made:
        assert len(begun(3)) == 3
        assert made.bounds == Bounds(7.0, settings.QUERY_MEGABYTES)


def test_c5_a_worker_whose_pool_is_gone_is_ended_by_the_kernel(tmp_path):
    ours, theirs = Pipe()
    words = [f"--pipe={theirs.fileno()}", "--seconds", "0.2", "--megabytes", "400"]
    worker = subprocess.Popen(
        [sys.executable, "-m", HARD, str(tmp_path), *words],
        pass_fds=[theirs.fileno()],
        cwd=PROJECT,
    )
    theirs.close()
    assert ours.recv() == "ready"
    ours.send("spin")
    ours.close()
    assert worker.wait(60) == -14


def test_the_workers_of_a_pool_that_is_killed_end_by_themselves(tmp_path):
    program = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from newscrawl.home import Home\n"
        "from newscrawl.index.bounds import Bounds\n"
        "from newscrawl.index.pool import SearchPool\n"
        f"pool = SearchPool(Home(Path({str(tmp_path)!r})), Bounds(), 2, program={HARD!r})\n"
        "print(pool.ask('who'), pool.ask('who'), flush=True)\n"
        "time.sleep(60)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=PROJECT
    )
    with owner:
        workers = [psutil.Process(int(pid)) for pid in owner.stdout.readline().split()]
        owner.kill()
    assert len(workers) == 2
    assert psutil.wait_procs(workers, timeout=60)[1] == []


@pytest.fixture
def room(tmp_path):
    """A home with one article, its catalogue, and a pool of one worker."""
    home, catalogue = indexed(tmp_path, [article(1, paragraphs=["临空经济区"])])
    with SearchPool(home, Bounds(seconds=30), 1) as made:
        yield home, catalogue, made
    catalogue.close()


def asked(query, limit=20):
    return Question(SearchRequest(query, limit=limit))


def catch_up(home, catalogue):
    with Path(os.devnull).open("rb") as nothing:
        indexer.run(Store(home.indexes), catalogue, Handed(nothing), idle_seconds=0.1)


def test_a_pool_answers_as_a_searcher_does_and_sees_what_is_committed(room):
    home, catalogue, made = room
    [row] = made.ask(asked("临空")).rows
    assert row.hit.snippets[0].spans == ((0, 2),)
    [worker] = children()
    record(catalogue, article(2, paragraphs=["临空的营商环境"]))
    catch_up(home, catalogue)
    assert made.ask(asked("临空")).total == 2
    assert children() == [worker]


def test_c5_eight_of_the_largest_queries_at_once_are_each_answered_or_ended(tmp_path):
    text = "的" * 3_000 + "临空，" * 300
    home, catalogue = indexed(tmp_path, [article(n, paragraphs=[text] * 20) for n in range(20)])
    catalogue.close()
    largest = (
        " ".join(f'"的 {others} 空"~100' for others in ("的 的 的 临", "临 的 的 的")),
        " OR ".join(["的!的的", *(f'-"的 {chr(0x5000 + n)}"~100' for n in range(120))]),
        "-(没 " * 32 + "的!的的" + ")" * 32,
        " ".join(["-的!的的的的", "临" * 2_000, *(["的*的"] * 100)]),
    ) * 2
    with SearchPool(home, Bounds(seconds=2.0), 2) as made:
        with ThreadPoolExecutor(8) as threads:
            answers = [threads.submit(made.ask, asked(query)) for query in largest]
        ends = [each.exception() for each in answers]
        assert all(end is None or isinstance(end, SearchEnded) for end in ends), ends
        # One row: to mark them all takes a second by itself.
        assert made.ask(asked("临空", limit=1)).total == 20


def test_what_is_wrong_with_a_query_is_said_as_ever_and_ends_no_worker(room):
    workers = children()
    with pytest.raises(QueryError, match="not closed") as refusal:
        room[2].ask(asked("(临空"))
    assert refusal.value.position == 0
    assert children() == workers


def test_a_pool_without_an_index_says_so_and_answers_once_there_is_one(tmp_path):
    home = Home(tmp_path)
    with SearchPool(home, Bounds(seconds=30), 1) as made:
        with pytest.raises(CatalogueError, match="nothing collected yet"):
            made.ask(asked("临空"))
        _home, catalogue = indexed(tmp_path, [article(1, paragraphs=["临空经济区"])])
        catalogue.close()
        assert made.ask(asked("临空")).total == 1
