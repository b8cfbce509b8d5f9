from __future__ import annotations

import pytest

from newscrawl.catalogue import entries
from newscrawl.catalogue.entries import Entry, Wanted
from tests.catalogue.readings import listed, opened, tally
from tests.makers import DAY, NOW, PAPER, article, catalogue, record


@pytest.fixture
def made(tmp_path):
    opened = catalogue(tmp_path / "newscrawl.db")
    yield opened
    opened.close()


def test_what_is_held_is_not_wanted_again_unless_asked(made):
    edition = opened(made)
    assert listed(made, edition, 1, 2) == [1, 2]
    record(made, article(1))
    assert listed(made, edition, 1, 2) == [2]
    assert listed(made, edition, 1, 2, again=True) == [1, 2]


def test_a_missing_article_fails_once_and_is_gone_the_second_time(made):
    edition, url = opened(made), article(1).url
    listed(made, edition, 1)

    def miss():
        with made.write() as tx:
            entries.entry_failed(tx, PAPER, DAY, url, "HTTP 404", missing=True)
        return tally(made, edition)

    first, second = miss(), miss()
    assert (first.failed, first.gone, first.complete) == (1, 0, False)
    assert (second.failed, second.gone, second.complete) == (0, 1, True)


def test_other_failures_never_make_an_article_gone(made):
    edition, url = opened(made), article(1).url
    listed(made, edition, 1)
    for _ in range(3):
        with made.write() as tx:
            entries.entry_failed(tx, PAPER, DAY, url, "HTTP 500", missing=False)
    assert (tally(made, edition).failed, tally(made, edition).gone) == (1, 0)


def test_a_failure_does_not_undo_what_is_held(made):
    edition, url = opened(made), article(1).url
    listed(made, edition, 1)
    record(made, article(1))
    with made.write() as tx:
        entries.entry_failed(tx, PAPER, DAY, url, "HTTP 404", missing=True)
    assert tally(made, edition).articles_held == 1


def test_what_was_listed_and_not_had_is_known_with_its_place_until_it_is_held_or_gone(made):
    edition = opened(made)
    entry = Entry(article(1).url, "A01", "article", 1, "渡口", ((0.0, 0.0), (50.0, 12.5)))
    with made.write() as tx:
        entries.list_entries(tx, edition, [entry], NOW, again=False)
        assert entries.wanting(tx, edition) == [Wanted(entry, late=False)]
    record(made, article(1))
    with made.read() as tx:
        assert entries.wanting(tx, edition) == []
