from __future__ import annotations

from newscrawl.catalogue.entries import Entry, Wanted
from newscrawl.ops.leftovers import Leftovers


def wanted(number, page="A01"):
    return Wanted(Entry(f"https://example.com/{number}.html", page), late=False)


def test_what_no_list_names_is_taken_once():
    left = Leftovers([wanted(1), wanted(2), wanted(3, page="A02")])
    assert left.beside([wanted(2), wanted(4)]) == [wanted(2), wanted(4)]
    assert left.take("A01") == [wanted(1)]
    assert left.take("A01") == []
    assert left.take("A02") == [wanted(3, page="A02")]


def test_what_was_taken_is_not_asked_for_again_when_another_page_lists_it():
    left = Leftovers([wanted(1)])
    assert left.take("A01") == [wanted(1)]
    assert left.beside([wanted(1, page="A02"), wanted(2, page="A02")]) == [wanted(2, page="A02")]


def test_what_another_page_lists_first_is_not_left():
    left = Leftovers([wanted(1)])
    assert left.beside([wanted(1, page="A02")]) == [wanted(1, page="A02")]
    assert left.take("A01") == []
