from __future__ import annotations

import pytest

from newscrawl.catalogue import editions, snapshots
from newscrawl.catalogue.editions import FormerPage
from tests.catalogue.readings import PAGE, listed, opened, tally
from tests.makers import NOW, article, catalogue, record
from tests.makers import capture as row_of


@pytest.fixture
def made(tmp_path):
    opened = catalogue(tmp_path / "newscrawl.db")
    yield opened
    opened.close()


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


def test_a_page_that_left_the_index_is_known_and_gone_at_the_second_404(made):
    edition = opened(made)
    with made.write() as tx:
        editions.list_pages(tx, edition, [PAGE])

    def miss(number):
        capture = {"requested_url": PAGE.url, "status": 404, "kind": "page"}
        with made.write() as tx:
            [former] = editions.former_pages(tx, edition, ["A02"])
            assert former == FormerPage(PAGE.code, PAGE.name, PAGE.url, read=False)
            snapshots.add_all(tx, [row_of(article(number)) | capture])
            return editions.former_page_missing(tx, edition, PAGE.code)

    assert not miss(1)
    assert not tally(made, edition).complete
    assert miss(2)
    assert tally(made, edition).pages == 0


def test_a_page_that_the_index_names_is_not_a_former_one(made):
    edition = opened(made)
    listed(made, edition, 1)
    with made.read() as tx:
        assert editions.former_pages(tx, edition, [PAGE.code]) == []
        assert [each.read for each in editions.former_pages(tx, edition, [])] == [True]
