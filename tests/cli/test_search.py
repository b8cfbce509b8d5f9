"""The query script as a person calls it: words, options and what is refused."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys

import pytest

from tests.crawls import Newsroom
from tests.makers import PAPER, article, indexed

FIRST = f"{PAPER}/2023-12-15/A01/1"


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    place = tmp_path_factory.mktemp("home")
    home, catalogue = indexed(
        place, [article(1, paragraphs=["临空经济区"]), article(2, paragraphs=["临空的广告"])]
    )
    catalogue.close()
    return Newsroom(home.root)


def test_words_need_no_quotation_and_a_minus_is_no_option(room):
    done = room.run("newscrawl", "search", "临空", "-广告", "--json")
    assert done.returncode == 0, done.stderr
    assert '"total": 1' in done.stdout
    assert '"query": "临空 -广告"' in done.stdout


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["临空", "--limt", "5"], "--limt: no such option; --help shows them\n"),
        (["临空", "--paper", "nosuch"], "--paper nosuch: nothing was collected of it; there are"),
        (["临空", "--since", "2023"], "--since: "),
        (["临空", "--sort", ";drop"], "--sort ;drop: must be one of relevance, newest, oldest"),
        (
            ["临空", "--since", "2024-01-02", "--until", "2024-01-01"],
            "--since 2024-01-02 is after --until 2024-01-01\n",
        ),
        (["临空", "--limit", "0"], "--limit 0: must be a number from 1 to 100,000\n"),
        (["临空", "--page", "0"], "--page 0: must be a number from 1 on\n"),
        (["临空", "--as-of", "zzz"], "--as-of 'zzz': no mark of a search"),
    ],
)
def test_a_call_that_is_wrong_says_what_is_wrong(room, given, said):
    done = room.run("newscrawl", "search", *given)
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [["search", "临空"], ["related", "x/1"], ["saved", "run", "x"]])
def test_a_mistyped_home_is_status_3_and_stays_untouched(tmp_path, words):
    done = Newsroom(tmp_path / "typo").run("newscrawl", *words)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"{tmp_path / 'typo'}: nothing collected yet: ")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize("words", [["search", "临空"], ["related", FIRST]])
def test_without_a_usable_index_a_search_is_status_3(tmp_path, words):
    home, catalogue = indexed(tmp_path, [article(1)])
    catalogue.close()
    (home.indexes / "CURRENT").write_text("build-none")
    done = Newsroom(home.root).run("newscrawl", *words)
    assert (done.returncode, done.stdout) == (3, "")
    assert "newscrawl reindex" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    items = [article(n, headline="临空" * 99) for n in range(1, 300)]
    items.append(article(300, paragraphs=["临空"] * 50_000))
    home, catalogue = indexed(tmp_path_factory.mktemp("full"), items)
    catalogue.close()
    return home


@pytest.mark.parametrize(
    "words",
    [
        ["search", "临空", "--limit", "300"],
        ["search", "临空", "--limit", "300", "--json"],
        ["show", f"{PAPER}/2023-12-15/A01/300"],
    ],
)
def test_a_reader_that_goes_away_ends_a_command_quietly(full, words):
    command = shlex.join([sys.executable, "-m", "newscrawl", *words])
    done = subprocess.run(
        ["bash", "-c", f"{command} | head -1; exit ${{PIPESTATUS[0]}}"],
        env=Newsroom(full.root).variables(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, "")
    assert done.stdout.count("\n") == 1


def test_a_terminal_that_knows_no_chinese_is_no_failure(room):
    done = Newsroom(room.home, {"PYTHONIOENCODING": "ascii"}).run("newscrawl", "search", "临空")
    assert done.returncode == 0
    assert "\\u4e34" in done.stdout
    assert done.stderr == ""


def test_what_is_piped_keeps_a_paragraph_in_a_line(tmp_path):
    home, catalogue = indexed(tmp_path, [article(1, paragraphs=["临空经济区" * 60])])
    catalogue.close()
    done = Newsroom(home.root).run("newscrawl", "show", FIRST)
    assert "临空经济区" * 60 in done.stdout


def test_a_query_is_explained_and_nothing_is_searched(tmp_path):
    nowhere = Newsroom(tmp_path / "none")
    done = nowhere.run("newscrawl", "search", "--explain", "临空 -headline:AI")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "all of these:"
    told = nowhere.run("newscrawl", "search", "--explain", "--json", "临空")
    assert json.loads(told.stdout)["says"].startswith("“临空”")
    assert nowhere.run("newscrawl", "search", "--explain", "(临空").returncode == 2
