from __future__ import annotations

import pytest

from newscrawl.catalogue import editions
from tests.catalogue.readings import PAGE, listed, opened, tally
from tests.makers import NOW, article, catalogue, record


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
