"""A crawl that is loaded first, and begins when it is told to."""

from __future__ import annotations

import subprocess

import pytest

from tests.crawls import crawl_words, demo


@pytest.mark.parametrize("told", [pytest.param(True, marks=pytest.mark.slow), False])
def test_it_reads_when_told_and_without_a_word_it_ends_and_has_asked_for_nothing(tmp_path, told):
    with demo(tmp_path / "home") as (room, _site, server):
        process = room.start(*crawl_words(server.url), "--when-told", stdin=subprocess.PIPE)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(4)
        assert server.requests == []
        assert not (tmp_path / "home").exists()
        out, err = process.communicate("\n" if told else "", timeout=120)
        assert process.returncode == 0, err
        assert ("90/90 篇" in out) is told
        assert bool(server.requests) is told


def test_a_call_that_cannot_be_meant_does_not_wait(tmp_path):
    with demo(tmp_path) as (room, _site, server):
        done = room.run(*crawl_words(server.url, "colour=red"), "--when-told")
    assert done.returncode == 2
