"""An article that cannot be prepared is set aside by name, and keeps no other from being found."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.catalogue import dictionary as words_of_user
from newscrawl.catalogue import versions
from newscrawl.index import aside, indexer, shares
from newscrawl.index.damage import IndexUnusable
from newscrawl.index.documents import TOGETHER, Given, documents_of
from newscrawl.index.handed import Handed
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from newscrawl.text.segment import Segmenter
from tests.index.kinds import KINDS, chosen
from tests.makers import ILLEGIBLE, article, indexed, record, restored, ruin, spoil

POISON = "毒"


class Panic(BaseException):
    """As what is written in Rust ends: no Exception."""


@pytest.fixture(params=[ValueError, Panic])
def poisonous(request, monkeypatch):
    """Whatever has a certain character cannot be cut."""
    make_poisonous(monkeypatch, request.param)


def make_poisonous(monkeypatch, kind=ValueError, poison=POISON):
    lines = Segmenter.lines

    def failing(cut, texts):
        if any(poison in text for text in texts):
            raise kind("cannot be cut\nat all")
        return lines(cut, texts)

    monkeypatch.setattr(Segmenter, "lines", failing)


@pytest.fixture(params=KINDS)
def house(request, tmp_path):
    with chosen(request.param):
        home, made = indexed(tmp_path / "家", [article(1)])
        yield home, made
        made.close()


def bad(number, **changes):
    return article(number, headline=f"第{number}号{POISON}渡口", **changes)


def follow(home, made):
    with Path("/dev/null").open("rb") as nothing:
        indexer.run(Store.of(home), made, Handed(nothing), idle_seconds=0.2)


def found(home, made, query="渡口"):
    with closing(Searcher(home, made)) as searcher:
        result = searcher.search(SearchRequest(query, limit=200))
        assert result.total == len(result.hits)
        return [hit.version.seq for hit in sorted(result.hits, key=lambda hit: hit.version.seq)]


def set_aside(home):
    return {each.seq: each for each in aside.read(Store.of(home).current().directory)}


@pytest.mark.usefixtures("poisonous")
@pytest.mark.parametrize("place", [2, 17, 26])
def test_the_others_are_found_and_the_one_is_named(house, caplog, place):
    home, made = house
    record(made, *(bad(n) if n == place else article(n) for n in range(2, 41)))
    follow(home, made)
    assert found(home, made) == [n for n in range(1, 41) if n != place]
    assert Store.of(home).current().mark() == 40
    [one] = set_aside(home).values()
    assert one.seq == place
    assert one.article_id.endswith(f"A01/{place}")
    assert "cannot be cut at all" in one.why
    [told] = [each for each in caplog.records if each.levelno == logging.WARNING]
    assert one.article_id in told.getMessage()
    with closing(Searcher(home, made)) as searcher:
        assert searcher.count() == 39
        assert POISON not in str(searcher.search(SearchRequest("date:2023", limit=200)).hits)


@pytest.mark.usefixtures("poisonous")
def test_a_rebuild_sets_aside_the_same(house):
    home, made = house
    record(made, bad(2), article(3), bad(4))
    follow(home, made)
    before = set_aside(home)
    rebuild(Store.of(home), made)
    assert set_aside(home) == before
    assert before.keys() == {2, 4}
    assert found(home, made) == [1, 3]


def test_what_can_be_prepared_again_is_found_after_a_rebuild(house, monkeypatch):
    home, made = house
    with monkeypatch.context() as patched:
        make_poisonous(patched)
        record(made, bad(2))
        follow(home, made)
    rebuild(Store.of(home), made)
    assert found(home, made) == [1, 2]
    assert set_aside(home) == {}


@pytest.mark.usefixtures("poisonous")
def test_of_an_edit_that_cannot_be_prepared_nothing_older_is_shown(house):
    """As after a rebuild, which knows the newest versions only."""
    home, made = house
    record(made, article(2), bad(1, record_id="<edit>"))
    follow(home, made)
    assert found(home, made) == [2]
    rebuild(Store.of(home), made)
    assert found(home, made) == [2]
    record(made, article(1, headline="第1号渡口更正", record_id="<again>"))
    follow(home, made)
    assert found(home, made) == [2, 4]


@pytest.mark.usefixtures("poisonous")
def test_several_processes_set_aside_what_one_does(house, monkeypatch):
    monkeypatch.setattr(shares, "LEAST", 5)
    home, made = house
    days = ("2023-02-28", "2023-12-15")
    record(made, *(article(n, edition=days[n % 2]) for n in range(2, 30)))
    spoil(made, 6, 7)
    rebuild(Store.of(home), made, processes=2)
    assert set_aside(home).keys() == {6, 7}
    assert found(home, made) == [n for n in range(1, 30) if n not in {6, 7}]


def test_where_no_text_can_be_prepared_none_is_set_aside(house, monkeypatch):
    """It is not the articles."""
    home, made = house
    before = Store.of(home).current()
    make_poisonous(monkeypatch, poison="")
    record(made, article(2))
    with pytest.raises(ValueError, match="cannot be cut"):
        follow(home, made)
    assert (Store.of(home).current(), before.mark()) == (before, 1)
    assert set_aside(home) == {}


@pytest.mark.parametrize("kind", [MemoryError, OSError, KeyboardInterrupt])
def test_what_the_system_refuses_sets_nothing_aside(house, monkeypatch, kind):
    home, made = house
    make_poisonous(monkeypatch, kind)
    record(made, bad(2))
    with pytest.raises((kind, IndexUnusable)):
        follow(home, made)
    assert set_aside(home) == {}


@pytest.mark.usefixtures("poisonous")
def test_very_many_are_an_error_of_ours(house, monkeypatch):
    home, made = house
    monkeypatch.setattr(aside, "MOST", 2)
    record(made, bad(2), bad(3), bad(4))
    with pytest.raises((ValueError, Panic)):
        follow(home, made)
    assert len(set_aside(home)) == 2
    assert Store.of(home).current().mark() == 1


def test_what_cannot_be_cut_with_a_users_word_keeps_its_words(house, monkeypatch, caplog):
    home, made = house
    record(made, bad(2), article(3))
    follow(home, made)
    with made.write() as tx:
        words_of_user.add(tx, ["号渡口", f"号{POISON}渡口"])
    make_poisonous(monkeypatch)
    follow(home, made)
    assert found(home, made) == [1, 2, 3]
    assert set_aside(home) == {}
    assert "A01/2" in caplog.text
    assert not indexer.behind(Store.of(home), made)


def test_f8_a_list_that_cannot_be_read_is_damage(house):
    home, _made = house
    build = Store.of(home).current()
    (build.directory / aside.NAME).write_text("[")
    with pytest.raises(IndexUnusable, match="reindex"):
        aside.read(build.directory)


def given(made, count):
    with made.read() as view:
        [version] = versions.by_seq(view, [1]).values()
    return [Given(version) for _ in range(count)]


@pytest.mark.parametrize("place", [0, 7, TOGETHER - 1, TOGETHER, 2 * TOGETHER])
def test_without_anybody_who_sets_it_aside_all_before_it_comes(house, place):
    _home, made = house
    every = given(made, 60)
    every[place] = None
    came = []
    with pytest.raises(AttributeError):
        came.extend(documents_of(every))
    assert len(came) == place


@pytest.mark.parametrize("place", [0, 7, TOGETHER - 1, TOGETHER, 2 * TOGETHER])
def test_what_was_read_before_reading_failed_comes(house, place):
    _home, made = house

    def failing():
        yield from given(made, place)
        raise KeyError("bug")

    came = []
    with pytest.raises(KeyError):
        came.extend(documents_of(failing()))
    assert len(came) == place


@pytest.mark.parametrize("how", ILLEGIBLE)
def test_a_row_that_cannot_be_read_is_set_aside_and_found_once_it_can(house, caplog, how):
    home, made = house
    record(made, *(article(n) for n in range(2, 41)))
    kept = ruin(made, how, 2, 40)
    follow(home, made)
    assert found(home, made) == [1, *range(3, 40)]
    assert Store.of(home).current().mark() == 40
    aside_now = set_aside(home)
    assert aside_now.keys() == {2, 40}
    assert aside_now[2].article_id.endswith("A01/2")
    assert "cannot be read in the catalogue" in aside_now[2].what
    assert "restore newscrawl.db" in aside_now[2].remedy
    assert not indexer.behind(Store.of(home), made)

    restored(made, kept)
    assert indexer.behind(Store.of(home), made)
    caplog.clear()
    follow(home, made)
    assert "A01/2, which can be read again: the index is built anew" in caplog.text
    assert found(home, made) == list(range(1, 41))
    assert set_aside(home) == {}
    assert not indexer.behind(Store.of(home), made)


@pytest.mark.parametrize("how", ILLEGIBLE)
def test_a_rebuild_passes_what_cannot_be_read(house, monkeypatch, how):
    monkeypatch.setattr(shares, "LEAST", 5)
    home, made = house
    days = ("2023-02-28", "2023-12-15")
    record(made, *(article(n, edition=days[n % 2]) for n in range(2, 30)))
    ruin(made, how, 6, 7)
    for processes in (1, 2):
        rebuild(Store.of(home), made, processes=processes)
        assert set_aside(home).keys() == {6, 7}
        assert found(home, made) == [n for n in range(1, 30) if n not in {6, 7}]


def test_of_an_edit_that_cannot_be_read_nothing_older_is_shown(house):
    home, made = house
    record(made, article(2), article(1, headline="第1号渡口更正", record_id="<edit>"))
    ruin(made, "no JSON", 3)
    follow(home, made)
    assert found(home, made) == [2]
    record(made, article(1, headline="第1号渡口又更正", record_id="<again>"))
    follow(home, made)
    assert found(home, made) == [2, 4]
    with made.read() as view:
        assert aside.standing(view, Store.of(home).current().directory) == []


def test_what_may_not_be_found_and_cannot_be_read_is_passed(house):
    home, made = house
    record(made, article(2), article(2, headline="第2号渡口更正", record_id="<edit>"))
    ruin(made, "no JSON", 2)
    follow(home, made)
    assert found(home, made) == [1, 3]
    assert set_aside(home) == {}


@pytest.mark.parametrize("how", ["no JSON", "no UTF-8"])
def test_the_dictionary_is_followed_past_what_cannot_be_read_any_more(house, caplog, how):
    home, made = house
    record(made, article(2), article(3))
    follow(home, made)
    ruin(made, how, 2)
    with made.write() as tx:
        words_of_user.add(tx, ["号渡口"])
    follow(home, made)
    assert "A01/2: cannot be indexed anew" in caplog.text
    assert not indexer.behind(Store.of(home), made)


def test_a_catalogue_of_which_very_much_cannot_be_read_is_an_error(house, monkeypatch):
    home, made = house
    monkeypatch.setattr(aside, "MOST", 2)
    record(made, *(article(n) for n in range(2, 6)))
    ruin(made, "no JSON", 2, 3, 4, 5)
    with pytest.raises(ValueError, match="Expecting"):
        follow(home, made)
    assert Store.of(home).current().mark() == 1


@pytest.mark.parametrize("how", ILLEGIBLE)
def test_what_has_become_unreadable_keeps_no_other_from_being_shown(house, how):
    home, made = house
    record(made, article(2), article(3))
    follow(home, made)
    ruin(made, how, 2)
    with closing(Searcher(home, made)) as searcher:
        for query in ("渡口", '"渡口 通航"~9', "渡口!大渡口", 'headline:"号渡口恢复"'):
            hits = searcher.search(SearchRequest(query)).hits
            assert sorted(hit.version.seq for hit in hits) == [1, 3]
