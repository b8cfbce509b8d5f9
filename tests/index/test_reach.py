"""An older copy of the catalogue is put back: no search shows one article for another."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newscrawl.catalogue import sqlite, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.index import indexer
from newscrawl.index.client import IndexerClient
from newscrawl.index.current import CurrentSearcher
from newscrawl.index.damage import IndexOfAnother
from newscrawl.index.handed import Handed
from newscrawl.index.reach import Reach, reach_of
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.index.store import Store
from tests.index.kinds import KINDS, chosen
from tests.makers import article, catalogue, indexed, record

OTHER = "码头"


@pytest.fixture(params=KINDS)
def house(request, tmp_path):
    with chosen(request.param):
        made = House(tmp_path / "home")
        yield made
        made.catalogue.close()


class House:
    """A home of which a copy of the catalogue was kept when it had three articles of five."""

    def __init__(self, root):
        self.home, self.catalogue = indexed(root, map(article, (1, 2, 3)))
        sqlite.back_up(self.home.catalogue, root / "backup")
        record(self.catalogue, article(4), article(5))
        self.follow()

    @property
    def build(self):
        return Store.of(self.home).current()

    def restore(self):
        """End what runs, and put the copy back."""
        self.catalogue.close()
        for path in self.home.root.glob("newscrawl.db*"):
            path.unlink()
        shutil.copy(self.home.root / "backup", self.home.catalogue)
        self.catalogue = Catalogue.open(self.home.catalogue)

    def others(self, *numbers):
        """Articles that take the numbers which those of the newer catalogue had."""
        others = [article(n, headline=f"第{n}号{OTHER}", record_id=f"<{n}>") for n in numbers]
        record(self.catalogue, *others)

    def follow(self):
        with Path("/dev/null").open("rb") as nothing:
            indexer.run(Store.of(self.home), self.catalogue, Handed(nothing), idle_seconds=0.2)

    def found(self, query):
        with closing(Searcher(self.home, self.catalogue)) as searcher:
            hits = searcher.search(SearchRequest(query)).hits
        return sorted(hit.version.article.headline for hit in hits)


AFTER = {"less": (), "as many": (6, 7), "more": (6, 7, 8)}
"""What has come since the copy was put back: the index has two versions beyond it."""


@pytest.mark.parametrize("since", AFTER)
def test_f13_no_search_shows_what_is_of_another_catalogue(house, since):
    house.restore()
    house.others(*AFTER[since])
    with pytest.raises(IndexOfAnother, match=r"older copy of newscrawl.db.*`newscrawl reindex`"):
        house.found("第4号")


@pytest.mark.parametrize("since", AFTER)
def test_f13_the_indexer_builds_an_index_of_another_catalogue_anew(house, since, caplog):
    house.restore()
    house.others(*AFTER[since])
    before = house.build
    assert indexer.behind(Store.of(house.home), house.catalogue)
    with caplog.at_level(logging.WARNING):
        house.follow()
    [told] = [each.getMessage() for each in caplog.records if "built anew" in each.getMessage()]
    assert "older copy of newscrawl.db" in told
    assert house.build.directory != before.directory
    assert house.found("headline:渡口") == [f"第{n}号渡口恢复通航" for n in (1, 2, 3)]
    assert house.found(OTHER) == [f"第{n}号{OTHER}" for n in AFTER[since]]
    assert not indexer.behind(Store.of(house.home), house.catalogue)


def test_f13_a_catalogue_that_is_begun_anew_is_another(house):
    house.catalogue.close()
    for path in house.home.root.glob("newscrawl.db*"):
        path.unlink()
    house.catalogue = catalogue(house.home.catalogue)
    with pytest.raises(IndexOfAnother):
        house.found("渡口")
    house.follow()
    assert house.found("渡口") == []


def test_f13_the_users_words_are_not_followed_in_an_index_of_another_catalogue(house):
    house.restore()
    with pytest.raises(IndexOfAnother):
        indexer.follow_dictionary(Store.of(house.home), house.catalogue)


def test_f13_who_waits_for_the_index_does_not_take_it_for_its_own(house):
    house.restore()
    client = IndexerClient(house.home, catalogue=house.catalogue)
    assert house.build.mark() == 5
    assert client.mark() == 0
    rebuild(Store.of(house.home), house.catalogue)
    assert client.mark() == 3


def test_f13_a_searcher_that_is_open_shows_nothing_of_a_catalogue_written_over(house):
    with closing(Searcher(house.home, house.catalogue)) as searcher:
        found = searcher.finding(SearchRequest("第4号"))
        with sqlite3.connect(house.home.root / "backup") as copy:
            copy.backup(sqlite3.connect(house.home.catalogue))
        with pytest.raises(IndexOfAnother):
            searcher.hits(found.asked, found.window(0, 20))


def test_f13_a_process_that_searches_on_opens_the_catalogue_that_was_put_back(house):
    with closing(CurrentSearcher(house.home)) as current:
        assert current.get().search(SearchRequest("渡口")).total == 5
        house.restore()
        for _look in range(2):
            with pytest.raises(IndexOfAnother):
                current.get()
        rebuild(Store.of(house.home), house.catalogue)
        assert current.get().search(SearchRequest("渡口")).total == 3


def test_an_older_index_of_the_same_catalogue_catches_up(house):
    older = house.home.root / "older"
    shutil.copytree(house.home.indexes, older)
    record(house.catalogue, article(6))
    house.follow()
    shutil.rmtree(house.home.indexes)
    older.rename(house.home.indexes)
    before = house.build
    house.follow()
    assert house.build.directory == before.directory
    assert len(house.found("渡口")) == 6


def test_a_copy_from_which_the_index_has_not_gone_on_is_its_own(house):
    """Also where the catalogue has: what the index has is the same in both."""
    sqlite.back_up(house.home.catalogue, house.home.root / "backup")
    record(house.catalogue, article(6))
    house.restore()
    assert len(house.found("渡口")) == 5
    house.others(7)
    house.follow()
    assert house.found(OTHER) == [f"第7号{OTHER}"]


def test_how_far_it_reaches_survives_whatever_else_is_written(house):
    with house.catalogue.read() as view:
        whole = reach_of(view, 5)
    assert whole.last
    assert house.build.reached() == whole
    with closing(house.build.writer()) as writer:
        writer.rewrite(iter(()), 0)
        writer.upkeep(ending=True)
        writer.tidy(lambda: False)
        assert writer.reached == whole
    with closing(house.build.reader()) as reader:
        assert (reader.reached, reader.mark) == (whole, 5)
    assert house.build.reached() == whole


def test_f13_two_copies_give_the_same_number_and_not_the_same_version(house):
    """Not even where the same text comes again with the same record."""
    with house.catalogue.read() as view:
        before = versions.by_seq(view, [4])[4]
    house.restore()
    record(house.catalogue, article(4))
    with house.catalogue.read() as view:
        again = versions.by_seq(view, [4])[4]
        assert (again.seq, again.article) == (before.seq, before.article)
        assert reach_of(view, 4) == Reach(4, again.identity) != Reach(4, before.identity)
        assert reach_of(view, 0) == Reach()
