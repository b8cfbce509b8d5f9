from __future__ import annotations

import pytest

from newscrawl.catalogue import editions
from newscrawl.catalogue.editions import Entry, ListedPage, Tally
from tests.makers import DAY, NOW, PAPER, article, catalogue, record

PAGE = ListedPage("A01", "要闻", "https://example.com/a01.html")


@pytest.fixture
def made(tmp_path):
    opened = catalogue(tmp_path / "newscrawl.db")
    yield opened
    opened.close()


def opened(made):
    with made.write() as tx:
        return editions.open_edition(tx, PAPER, DAY, "https://example.com/", NOW)


def listed(made, edition, *numbers, again=False):
    entries = [Entry(article(number).url, "A01", number=number) for number in numbers]
    with made.write() as tx:
        editions.list_pages(tx, edition, [PAGE])
        wanted = editions.list_entries(tx, edition, entries, NOW, again=again)
        editions.page_read(tx, edition, "A01", None)
    return [each.entry.number for each in wanted]


def tally(made, edition):
    with made.read() as tx:
        return editions.tally(tx, edition)


def test_what_is_held_is_not_wanted_again_unless_asked(made):
    edition = opened(made)
    assert listed(made, edition, 1, 2) == [1, 2]
    record(made, article(1))
    assert listed(made, edition, 1, 2) == [2]
    assert listed(made, edition, 1, 2, again=True) == [1, 2]


def test_what_is_listed_after_the_first_capture_is_late(made):
    edition = opened(made)
    listed(made, edition, 1)
    record(made, article(1))
    with made.write() as tx:
        editions.close_edition(tx, edition, "complete", NOW, captured=True)
    listed(made, edition, 1, 2)
    record(made, article(2))
    counted = tally(made, edition)
    assert (counted.articles, counted.articles_held, counted.late) == (2, 2, 1)
    assert counted.complete


def test_a_missing_article_fails_once_and_is_gone_the_second_time(made):
    edition, url = opened(made), article(1).url
    listed(made, edition, 1)

    def miss():
        with made.write() as tx:
            editions.entry_failed(tx, PAPER, DAY, url, "HTTP 404", missing=True)
        return tally(made, edition)

    first, second = miss(), miss()
    assert (first.failed, first.gone, first.complete) == (1, 0, False)
    assert (second.failed, second.gone, second.complete) == (0, 1, True)


def test_other_failures_never_make_an_article_gone(made):
    edition, url = opened(made), article(1).url
    listed(made, edition, 1)
    for _ in range(3):
        with made.write() as tx:
            editions.entry_failed(tx, PAPER, DAY, url, "HTTP 500", missing=False)
    assert (tally(made, edition).failed, tally(made, edition).gone) == (1, 0)


def test_a_failure_does_not_undo_what_is_held(made):
    edition, url = opened(made), article(1).url
    listed(made, edition, 1)
    record(made, article(1))
    with made.write() as tx:
        editions.entry_failed(tx, PAPER, DAY, url, "HTTP 404", missing=True)
    assert tally(made, edition).articles_held == 1


def test_a_page_without_articles_counts_as_empty_and_held(made):
    edition = opened(made)
    listed(made, edition)
    counted = tally(made, edition)
    assert (counted.pages, counted.pages_held, counted.pages_empty) == (1, 1, 1)


def test_an_unread_page_keeps_the_edition_incomplete(made):
    edition = opened(made)
    with made.write() as tx:
        editions.list_pages(tx, edition, [PAGE])
        editions.page_failed(tx, edition, "A01")
    assert not tally(made, edition).complete


def test_the_line_of_an_edition():
    counted = Tally(
        pages=16, pages_held=16, articles=143, articles_held=143, late=2, picture_only=1
    )
    assert counted.line("杭州日报", "2023-12-15") == (
        "杭州日报 2023-12-15  16/16 版  143/143 篇  (2 late, 1 picture only, 0 failed)"
    )
