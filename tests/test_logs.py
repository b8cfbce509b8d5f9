"""The logs of processes in the background: whose clock a line tells."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from tests.makers import article, indexed


@pytest.mark.parametrize(
    "words",
    [("newscrawl.index", "HOME"), ("newscrawl.alerts", "match", "HOME")],
    ids=["indexer", "matcher"],
)
def test_a_line_has_the_time_of_shanghai_and_says_so_wherever_the_host_is(tmp_path, words):
    home, made = indexed(tmp_path / "home", [article(1)])
    made.close()
    home.catalogue.write_bytes(b"no database " * 1000)
    before = datetime.now(UTC)
    done = subprocess.run(
        [sys.executable, "-m", *(each.replace("HOME", f"{home.root}") for each in words)],
        env=os.environ | {"TZ": "EST5"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    line = re.fullmatch(r"(\S+ \S+\+08:00) (.*newscrawl\.db.*)\n", done.stderr)
    assert line, done.stderr
    moment = datetime.fromisoformat(line[1])
    assert before - timedelta(milliseconds=1) <= moment <= datetime.now(UTC)
