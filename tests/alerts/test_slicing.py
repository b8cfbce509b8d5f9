"""Many matches of one version are written in slices, and each of them once, whatever happens."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import text

from newscrawl.alerts import matcher as matching
from newscrawl.alerts import telling
from newscrawl.alerts.firing import Fired
from newscrawl.alerts.matcher import Matcher
from newscrawl.alerts.slicing import slices
from newscrawl.catalogue import matches, versions
from newscrawl.catalogue.connection import Catalogue
from tests.alerts.test_matcher import outgoing
from tests.makers import article, catalogue, record
from tests.reports import FERRY
from tests.subscribed import subscribe_many

COUNT, EACH, SLICE = 100, 3, 10
PEOPLE = 34


@pytest.fixture
def version(tmp_path):
    opened = catalogue(tmp_path / "one.db")
    record(opened, article(1))
    with opened.read() as view:
        [one] = versions.after(view, 0, 1)
    opened.close()
    return one


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A catalogue in which an article concerns very many, whom it is told of in small slices."""
    monkeypatch.setattr(matching, "SLICE", SLICE)
    monkeypatch.setattr(matching, "PAUSE_SECONDS", 0)
    opened = catalogue(tmp_path / "newscrawl.db")
    subscribe_many(opened, COUNT, lambda _number: ("渡口", "1\n=t渡口"), EACH)
    other = article(2, headline="公园开放", paragraphs=["公园今日开放。"])
    reprint = article(3, headline="首班船昨日启航", paragraphs=FERRY)
    record(opened, article(1, paragraphs=FERRY), other, reprint)
    yield opened
    opened.close()


def follow(made):
    matcher = Matcher(made, lambda text: f"key {text}")
    while matcher.step():
        pass


def counted(made, table):
    with made.read() as view:
        return view.scalar(text(f"SELECT count(*) FROM {table}"))


def people(numbers):
    return {each: (each - 1) // EACH for each in numbers}


def pieces(found, most=4):
    return [
        [(each.version.seq, each.subscriptions) for each in piece]
        for piece in slices(found, most, people)
    ]


def test_a_slice_is_of_whole_people_and_of_several_versions_where_they_are_small(version):
    def fired(*numbers):
        return Fired(version, list(numbers))

    assert pieces([]) == [[]]
    assert pieces([fired(1), fired(2, 3), fired(4, 5)]) == [[(1, [1]), (1, [2, 3])], [(1, [4, 5])]]
    assert pieces([fired(2, 3, 4, 7, 8, 9, 10)]) == [
        [(1, [2, 3, 4])],
        [(1, [7, 8, 9, 10])],
    ]
    assert pieces([fired(*range(1, 9))], most=2) == [
        [(1, [1, 2, 3])],
        [(1, [4, 5, 6])],
        [(1, [7, 8])],
    ]


def test_no_transaction_writes_more_than_a_slice(made, monkeypatch):
    sizes = []
    write = Catalogue.write

    @contextmanager
    def watched(self):
        before = counted(made, "matches")
        with write(self) as tx:
            yield tx
        sizes.append(counted(made, "matches") - before)

    monkeypatch.setattr(Catalogue, "write", watched)
    follow(made)
    assert sum(sizes) == counted(made, "matches") == 2 * COUNT
    assert max(sizes) <= SLICE
    assert len(outgoing(made)) == PEOPLE, "of a story everybody hears once"


def test_between_slices_others_write_and_the_mark_stands(made, monkeypatch):
    marks = []

    def look(_seconds):
        with made.write() as tx:
            marks.append(matches.matched(tx))

    monkeypatch.setattr(matching.time, "sleep", look)
    follow(made)
    assert len(marks) > COUNT // SLICE
    assert set(marks) == {0}
    with made.read() as view:
        assert matches.matched(view) == 3


@pytest.mark.parametrize("last", [1, 2, 7, 12])
def test_what_ends_between_slices_is_gone_on_with_and_nobody_hears_twice(made, monkeypatch, last):
    written = []
    tell = telling.tell

    def ending(*given):
        if len(written) == last:
            raise ZeroDivisionError
        written.append(given)
        return tell(*given)

    with monkeypatch.context() as patch:
        patch.setattr(matching, "tell", ending)
        with pytest.raises(ZeroDivisionError):
            follow(made)
    before = outgoing(made)
    assert 0 < counted(made, "matches") < 2 * COUNT
    follow(made)
    assert counted(made, "matches") == 2 * COUNT
    after = outgoing(made)
    assert len(after) == len({each.address_id for each in after}) == PEOPLE
    assert {each.key for each in before} <= {each.key for each in after}


def test_who_has_moved_the_mark_between_slices_has_written_the_rest(made, monkeypatch):
    others = iter([Matcher(made, lambda text: f"key {text}")])

    def overtaken(_seconds):
        for other in others:
            while other.step():
                pass

    monkeypatch.setattr(matching.time, "sleep", overtaken)
    follow(made)
    assert counted(made, "matches") == 2 * COUNT
    assert len(outgoing(made)) == PEOPLE
