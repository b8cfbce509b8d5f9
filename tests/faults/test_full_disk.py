"""No room left: the run stops, says so in a line, and nothing unarchived counts as seen."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from tests.crawls import PROJECT, crawl_words, demo
from tests.faults.state import check

pytestmark = pytest.mark.fault


def limited(size):
    """Files may not grow beyond `size` bytes: a write then fails as on a full disk."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("size", [60_000, 120_000, 250_000, 500_000])
def test_f6_a_full_disk_ends_the_crawl_before_anything_is_marked_done(tmp_path, size):
    with demo(tmp_path) as (newsroom, _site, server):
        crawled = subprocess.run(
            [sys.executable, "-m", *crawl_words(server.url)],
            env=newsroom.variables(),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=120,
            preexec_fn=limited(size),
            check=False,
        )
        assert crawled.returncode == 1, crawled.stdout
        assert "Traceback" not in crawled.stderr
        again = newsroom.crawl(server.url)
    assert again.returncode == 0, again.stderr
    assert "90/90 篇" in again.stdout
    check(tmp_path, articles_held=90)


def test_f6_too_little_free_space_is_refused_at_the_start(tmp_path):
    with demo(tmp_path) as (newsroom, _site, server):
        room = type(newsroom)(
            tmp_path, {**newsroom.environment, "NEWSCRAWL_FREE_SPACE_MB": "999999999"}
        )
        done = room.crawl(server.url)
        assert not server.requests
    assert done.returncode == 1
    assert "make room" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
