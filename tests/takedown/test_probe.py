"""A crawl of the demo paper, an erasure, and a search through every byte that is left."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from newscrawl.archive.check import check_file
from newscrawl.archive.layout import archive_files
from newscrawl.home import Home
from newscrawl.query.subject import folded
from tests.takedown import probe
from tests.takedown.rare import ID, NAME, PIECE, SENTENCE, paper

pytestmark = pytest.mark.slow
TEXTS = (
    *PIECE.headline,
    PIECE.kicker,
    *(getattr(block, "text", getattr(block, "caption", "")) for block in PIECE.blocks),
)


@pytest.fixture(scope="module")
def without(tmp_path_factory):
    """What a home has that never met the article: its pairs of characters, and its words."""
    root = tmp_path_factory.mktemp("without") / "home"
    with paper(root) as (room, server):
        assert room.crawl(server.url).returncode == 0
        assert room.search(NAME)["total"] == 0
    pairs = set().union(*map(probe.bigrams, TEXTS))
    return set(probe.found(root, pairs)), probe.vocabulary(root, "".join(TEXTS))


def test_i2_neither_its_text_nor_a_word_or_pair_of_its_own_is_left(tmp_path, without):
    root = tmp_path / "home"
    with paper(root, PIECE) as (room, server):
        assert room.crawl(server.url).returncode == 0
        assert room.search(NAME)["total"] == 1
        held, words = without
        pairs = set().union(*map(probe.bigrams, TEXTS)) - held
        own = probe.vocabulary(root, "".join(TEXTS)) - words
        assert NAME[:2] in pairs
        assert {pair for pair in pairs if folded(pair) in own} >= {"𠮷䶮", "䶮㛃", "竹骨"}
        before = probe.found(root, [NAME, SENTENCE, *pairs])
        assert before.keys() == {NAME, SENTENCE, *pairs}
        places = {file.partition("/")[0].removesuffix("-wal") for file in before[NAME]}
        assert places >= {"snapshots", "newscrawl.db"}

        done = room.run("newscrawl", "takedown", ID, "--scope", "erase", "--reason", "asked")
        assert done.returncode == 0, done.stderr
        assert probe.found(root, [NAME, SENTENCE, *pairs]) == {}
        assert probe.vocabulary(root, "".join(TEXTS)) & own == set()
        assert probe.stored(root) == []
        assert all(check_file(file).ok for file in archive_files(Home(root).snapshots))
        assert "sound" in room.run("newscrawl", "doctor").stdout

        again = room.crawl(server.url, "refresh=1")
        assert again.returncode == 0, again.stderr
        assert room.search(NAME)["total"] == 0
        assert probe.found(root, [NAME, SENTENCE, *pairs]) == {}
        assert "sound" in room.run("newscrawl", "doctor").stdout


def test_i4_a_crawl_meets_its_text_at_another_address(tmp_path):
    root = tmp_path / "home"
    with paper(root, PIECE) as (room, server):
        assert room.crawl(server.url).returncode == 0
        done = room.run("newscrawl", "takedown", ID, "--scope", "erase", "--reason", "asked")
        assert done.returncode == 0, done.stderr
    with paper(root, replace(PIECE, number=95)) as (room, server):
        again = room.crawl(server.url)
        assert again.returncode == 0, again.stderr
        assert probe.found(root, [NAME, SENTENCE]) == {}
        assert room.search(NAME)["total"] == 0
        assert "sound" in room.run("newscrawl", "doctor").stdout


def test_i1_the_command_hides_lists_and_lifts(tmp_path):
    root = tmp_path / "home"
    with paper(root, PIECE) as (room, server):
        assert room.crawl(server.url).returncode == 0
        hidden = room.run("newscrawl", "takedown", ID, "--scope", "hide", "--reason", "asked")
        assert hidden.returncode == 0, hidden.stderr
        assert room.search(NAME)["total"] == 0
        shown = room.run("newscrawl", "show", ID)
        assert (shown.returncode, shown.stdout) == (4, "")
        assert "taken down" in shown.stderr
        listed = room.run("newscrawl", "takedown", "--list", "--json")
        [row] = json.loads(listed.stdout)
        assert row["paper"] == "hangzhou_daily"
        assert ID not in listed.stdout
        assert "asked" not in listed.stdout
        full = room.run("newscrawl", "takedown", "--list", "--full", "--json")
        assert json.loads(full.stdout)[0]["articles"] == [ID]
        lifted = room.run(
            "newscrawl", "takedown", "--lift", row["tombstone"], "--reason", "mistake"
        )
        assert lifted.returncode == 0, lifted.stderr
        assert room.search(NAME)["total"] == 1
