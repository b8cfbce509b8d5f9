"""The query script as a person calls it: words, options and what is refused."""

from __future__ import annotations

import pytest

from tests.crawls import Newsroom
from tests.makers import PAPER, article, indexed


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
        (["临空", "--sort", ";drop"], "--sort ;drop: relevance, newest, oldest"),
    ],
)
def test_a_call_that_is_wrong_says_what_is_wrong(room, given, said):
    done = room.run("newscrawl", "search", *given)
    assert done.returncode == 2
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == 1


def test_a_terminal_that_knows_no_chinese_is_no_failure(room):
    done = Newsroom(room.home, {"PYTHONIOENCODING": "ascii"}).run("newscrawl", "search", "临空")
    assert done.returncode == 0
    assert "\\u4e34" in done.stdout
    assert done.stderr == ""


def test_what_is_piped_keeps_a_paragraph_in_a_line(tmp_path):
    home, catalogue = indexed(tmp_path, [article(1, paragraphs=["临空经济区" * 60])])
    catalogue.close()
    done = Newsroom(home.root).run("newscrawl", "show", f"{PAPER}/2023-12-15/A01/1")
    assert "临空经济区" * 60 in done.stdout
