"""The user's dictionary as a person changes it."""

from __future__ import annotations

import json

import pytest

from newscrawl import settings
from newscrawl.cli import app
from newscrawl.errors import UsageError
from newscrawl.index import dictionary, indexer
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from tests.makers import article, indexed, record

BODIES = (
    "临空经济示范区昨日挂牌，企业服务中心同日开门。",
    "记者来到临空经济示范区，又见临空经济示范区的新路。",
    "临空的经济与示范区没有关系。",
    "周知行说，渡口恢复通航。",
)

KNOWN = "周知行: was there already\n"
UNKNOWN = "没有的: no such word; `newscrawl dictionary list` shows them\n"


@pytest.fixture
def home_and_catalogue(tmp_path, monkeypatch):
    items = [article(number, paragraphs=[body]) for number, body in enumerate(BODIES, 1)]
    home, made = indexed(tmp_path / "home", items)
    monkeypatch.setattr(settings, "home", lambda: home)
    yield home, made
    made.close()


@pytest.fixture
def run(home_and_catalogue, capsys):
    def run(*words, status=0, said=""):
        assert (app()(["dictionary", *words], standalone_mode=False) or 0) == status
        printed = capsys.readouterr()
        assert printed.err == said
        return printed.out

    return run


def scores(home, made, query):
    searcher = Searcher(home, made)
    try:
        hits = searcher.search(SearchRequest(query)).hits
        return [(hit.version.seq, hit.score) for hit in hits]
    finally:
        searcher.close()


def test_a_word_is_added_where_it_stands(home_and_catalogue, run):
    home, made = home_and_catalogue
    before = Store.of(home).current()
    assert run("add", "臨空經濟示範區", "钱塘江隧道") == "2 added, 2 articles indexed anew\n"
    assert run("list") == "临空经济示范区\n钱塘江隧道\n"
    assert json.loads(run("list", "--json")) == ["临空经济示范区", "钱塘江隧道"]
    assert Store.of(home).current() == before
    followed = scores(home, made, "临空经济示范区 OR 渡口")
    rebuild(Store.of(home), made)
    assert followed == scores(home, made, "临空经济示范区 OR 渡口")
    assert [seq for seq, _score in scores(home, made, "临空经济示范区")] == [2, 1]


def test_a_word_is_removed_again(home_and_catalogue, run):
    home, made = home_and_catalogue
    before = scores(home, made, "临空经济示范区 OR 渡口")
    run("add", "临空经济示范区", "周知行")
    assert scores(home, made, "临空经济示范区 OR 渡口") != before
    removed = run("remove", "临空经济示范区", "没有的", status=1, said=UNKNOWN)
    assert removed == "1 removed, 2 articles indexed anew\n"
    assert run("remove", "周知行") == "1 removed, 1 articles indexed anew\n"
    assert scores(home, made, "临空经济示范区 OR 渡口") == before


def test_what_changes_nothing_indexes_nothing(run):
    run("add", "周知行")
    assert run("add", "周知行", said=KNOWN) == "0 added, 0 articles indexed anew\n"
    removed = run("remove", "没有的", status=1, said=UNKNOWN)
    assert removed == "0 removed, 0 articles indexed anew\n"


def test_one_word_that_is_wrong_and_none_is_added(run):
    with pytest.raises(UsageError, match="a b"):
        run("add", "周知行", "a b")
    assert run("list", said="no words yet: `newscrawl dictionary add WORD` adds one\n") == ""


def test_the_next_change_finishes_what_was_cut_short(home_and_catalogue, run, monkeypatch):
    home, made = home_and_catalogue
    with monkeypatch.context() as patch:
        patch.setattr(indexer, "follow_dictionary", _killed)
        with pytest.raises(OSError, match="full"):
            run("add", "周知行")
    assert run("list") == "周知行\n"
    assert indexer.behind(Store.of(home), made)
    assert run("add", "周知行", said=KNOWN) == "0 added, 1 articles indexed anew\n"
    assert not indexer.behind(Store.of(home), made)


def _killed(*_arguments):
    raise OSError("full")


def test_without_an_index_the_words_are_kept(home_and_catalogue, run):
    home, made = home_and_catalogue
    (Store.of(home).root / "CURRENT").unlink()
    assert run("add", "周知行") == "1 added, 0 articles indexed anew\n"
    build = rebuild(Store.of(home), made)
    assert dictionary.covered(build.directory).words == ("周知行",)


def test_what_came_meanwhile_is_indexed_with_the_new_words(home_and_catalogue, run):
    home, made = home_and_catalogue
    run("add", "周知行")
    record(made, article(9, paragraphs=["周知行又说，渡口今日停航。"]))
    rebuilt = rebuild(Store.of(home), made)
    assert dictionary.covered(rebuilt.directory).words == ("周知行",)
    assert {seq for seq, _score in scores(home, made, "周知行")} == {4, 5}
