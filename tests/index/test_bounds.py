"""What a search may cost in a process of its own accord, and what is said of more."""

from __future__ import annotations

import pickle
import resource
import signal
import subprocess
import sys

import pytest

from newscrawl.errors import UsageError
from newscrawl.index.bounds import (
    Bounds,
    SearchBusy,
    SearchEnded,
    SearchTimedOut,
    SearchTooLarge,
    bounded,
    memory_limit,
)
from newscrawl.query.errors import QueryError
from tests.secrets import PROJECT


def ended(asked: str, seconds: float = 2.0) -> subprocess.CompletedProcess[str]:
    """A process that runs one of the hard searches within bounds."""
    program = (
        "from newscrawl.index.bounds import Bounds, bounded\n"
        "from tests.index.hard_worker import answer\n"
        f"with bounded(Bounds({seconds}, 400)):\n    answer({asked!r})\n"
        "print('done')"
    )
    return subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False
    )


def test_c5_a_search_in_sqlite_that_does_not_end_ends_the_process_in_a_line():
    done = ended("query")
    assert (done.returncode, done.stdout) == (SearchTimedOut.status, "")
    assert done.stderr == f"{SearchTimedOut(2.0)}\n"


def test_c5_c_code_that_keeps_the_interpreter_is_ended_by_the_kernel():
    done = ended("spin")
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGALRM, "", "")


def test_what_is_done_in_time_goes_on():
    assert ended("who", seconds=30).stdout == "done\n"
    with bounded(Bounds(seconds=30)):
        pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_c5_memory_is_limited_while_a_search_runs_and_no_longer():
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with pytest.raises(SearchTooLarge, match="more than 4096 MB"), memory_limit(4096):
        bytearray(5 << 30)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


@pytest.mark.parametrize(
    "error",
    [
        SearchTimedOut(2.5),
        SearchTooLarge(512),
        SearchBusy("忙"),
        QueryError("它没有结束", "(临空", 0),
        UsageError("错"),
    ],
)
def test_errors_come_through_the_pipe_as_they_are(error):
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.status) == (type(error), str(error), error.status)


@pytest.mark.parametrize("given", [{"seconds": 0}, {"seconds": -1}, {"megabytes": 10}])
def test_bounds_in_which_nothing_can_be_found_are_refused(given):
    with pytest.raises(UsageError, match="NEWSCRAWL_QUERY_"):
        Bounds(**given)


def test_every_end_of_a_search_has_the_status_of_its_own():
    assert {each.status for each in SearchEnded.__subclasses__()} == {3}
