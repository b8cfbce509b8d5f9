"""An edition of one page, opened and listed in a catalogue as a reading does."""

from __future__ import annotations

from newscrawl.catalogue import editions, entries
from newscrawl.catalogue.editions import ListedPage
from newscrawl.catalogue.entries import Entry
from newscrawl.catalogue.tally import tally_of
from tests.makers import DAY, NOW, PAPER, article

PAGE = ListedPage("A01", "要闻", "https://example.com/a01.html")


def opened(made):
    with made.write() as tx:
        return editions.open_edition(tx, PAPER, DAY, "https://example.com/", NOW)


def listed(made, edition, *numbers, again=False):
    named = [Entry(article(number).url, "A01", number=number) for number in numbers]
    with made.write() as tx:
        editions.list_pages(tx, edition, [PAGE])
        wanted = entries.list_entries(tx, edition, named, NOW, again=again)
        editions.page_read(tx, edition, "A01", None)
    return [each.entry.number for each in wanted]


def tally(made, edition):
    with made.read() as tx:
        return tally_of(tx, edition)
