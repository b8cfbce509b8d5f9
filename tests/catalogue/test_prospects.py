"""What was looked for before the transaction comes to the same as what is looked for in it."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from newscrawl.catalogue import articles, placement, prospects, snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.mates import Mates
from newscrawl.catalogue.recorder import Recorder
from newscrawl.catalogue.schema import articles as table
from tests import makers
from tests.makers import DAY, capture, catalogue, record
from tests.reports import FERRY, LIBRARY, MARKET, cut, edited, led

TEXTS = (FERRY, cut(FERRY), edited(FERRY), LIBRARY, led(LIBRARY), MARKET, MARKET[:1], ["见图。"])


@pytest.fixture
def made(tmp_path):
    opened = catalogue(tmp_path / "newscrawl.db")
    yield opened
    opened.close()


@pytest.fixture
def other(made):
    """The same catalogue as another process has it open."""
    opened = Catalogue.open(made.path)
    yield opened
    opened.close()


def item(number, paragraphs, days=0, **changes):
    day = (date.fromisoformat(DAY) + timedelta(days)).isoformat()
    values = {"paragraphs": paragraphs, "edition": day, "headline": f"标题{number}"}
    return makers.article(number, **(values | changes))


def again(number, paragraphs, days=0, **changes):
    return item(number, paragraphs, days, **({"record_id": f"<urn:again:{number}>"} | changes))


def prepared(made, article):
    with made.read() as view:
        return articles.prepare(view, article)


def record_prepared(made, article, ready):
    with made.write() as connection:
        snapshots.add_all(connection, [capture(article)])
        return articles.record(connection, article, ready)


def partition(connection):
    """Which articles are together."""
    together = {}
    for article_id, story in connection.execute(select(table.c.id, table.c.story_id)):
        together.setdefault(story, set()).add(article_id.rpartition("/")[2])
    return sorted(map(sorted, together.values()))


def held(made):
    with made.read() as connection:
        return partition(connection)


@contextmanager
def uncompared():
    """Within it no two texts may be compared."""

    def refuse(_one, _other):
        raise AssertionError("compared while the write lock was held")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prospects, "is_reprint", refuse)
        yield


def test_what_another_process_records_in_between_is_not_overlooked(made, other):
    record(made, item(3, LIBRARY))
    mine, theirs = item(1, FERRY), item(2, cut(FERRY))
    ready, their_ready = prepared(made, mine), prepared(other, theirs)
    record_prepared(other, theirs, their_ready)
    record_prepared(made, mine, ready)
    assert held(made) == [["1", "2"], ["3"]]


def test_what_the_view_shows_is_not_compared_again(made):
    record(made, item(1, FERRY), item(2, cut(FERRY)), item(3, LIBRARY))
    ready = prepared(made, item(4, edited(FERRY)))
    with uncompared():
        record_prepared(made, item(4, edited(FERRY)), ready)
    assert held(made) == [["1", "2", "4"], ["3"]]


def test_a_story_that_is_united_with_another_in_between(made, other):
    record(made, item(1, LIBRARY), item(2, FERRY, -3), item(3, FERRY, 3))
    ready = prepared(made, item(4, cut(FERRY), 3))
    record(other, item(5, edited(FERRY)))
    record_prepared(made, item(4, cut(FERRY), 3), ready)
    assert held(made) == [["1"], ["2", "3", "4", "5"]]


def test_a_story_that_falls_apart_in_between(made, other):
    record(made, item(1, FERRY, -3), item(2, FERRY), item(3, FERRY, 3))
    article = item(4, cut(FERRY))
    ready = prepared(made, article)
    assert len(ready.prospect.reprints) == 1
    record(other, again(2, MARKET))
    assert held(made) == [["1"], ["2"], ["3"]]
    record_prepared(made, article, ready)
    assert held(made) == [["1", "3", "4"], ["2"]]


def test_a_reprint_that_is_replaced_in_between(made, other):
    record(made, item(1, FERRY))
    ready = prepared(made, item(2, cut(FERRY)))
    record(other, again(1, MARKET))
    record_prepared(made, item(2, cut(FERRY)), ready)
    assert held(made) == [["1"], ["2"]]


def test_an_edit_that_divides_a_story_compares_nothing_in_the_transaction(made):
    record(made, item(1, FERRY, -3), item(2, FERRY), item(3, FERRY, 3), item(4, cut(FERRY), 3))
    ready = prepared(made, again(2, MARKET))
    with uncompared():
        record_prepared(made, again(2, MARKET), ready)
    assert held(made) == [["1"], ["2"], ["3", "4"]]


def test_an_edit_that_stays_compares_nothing_in_the_transaction(made):
    record(made, item(1, FERRY, -3), item(2, FERRY), item(3, FERRY, 3))
    ready = prepared(made, again(2, edited(FERRY)))
    with uncompared():
        record_prepared(made, again(2, edited(FERRY)), ready)
    assert held(made) == [["1", "2", "3"]]


def test_an_edit_of_a_story_that_somebody_joins_in_between(made, other):
    record(made, item(1, FERRY, -3), item(2, FERRY), item(3, FERRY, 3))
    ready = prepared(made, again(2, MARKET))
    record(other, item(4, cut(FERRY)))
    record_prepared(made, again(2, MARKET), ready)
    assert held(made) == [["1", "3", "4"], ["2"]]


@pytest.mark.parametrize(("days", "together"), [(0, [["1", "2"]]), (4, [["1"], ["2"]])])
def test_an_article_that_another_process_records_first(made, other, days, together):
    """Its day is then that of the first, and not that of the text which was prepared."""
    record(made, item(1, FERRY))
    ready = prepared(made, item(2, cut(FERRY)))
    record(other, item(2, LIBRARY, days, record_id="<urn:other>"))
    recorded = record_prepared(made, item(2, cut(FERRY)), ready)
    assert recorded.n == 2
    assert held(made) == together


def test_an_edit_that_turns_out_to_be_another_article(made, other):
    """Its address has gone to another one meanwhile."""
    record(made, item(1, FERRY))
    edit = again(1, cut(FERRY), headline="渡口复航")
    ready = prepared(made, edit)
    assert ready.prospect.article_id.endswith("/1")
    moved = item(1, MARKET, headline="市场重开", record_id="<urn:moved>")
    record(other, moved)
    recorded = record_prepared(made, edit, ready)
    assert recorded.article_id.endswith("/1~3")
    assert held(made) == [["1", "1~3"], ["1~2"]]


def test_unchanged_then_changed_in_between(made, other):
    record(made, item(1, FERRY), item(2, FERRY))
    ready = prepared(made, again(1, FERRY))
    record(other, again(1, MARKET, record_id="<urn:other>"))
    assert held(made) == [["1"], ["2"]]
    assert record_prepared(made, again(1, FERRY), ready).n == 3
    assert held(made) == [["1", "2"]]


@pytest.mark.parametrize("mates", [None, Mates()])
def test_reprints_of_each_other_that_share_a_transaction(made, mates):
    record(made, item(9, LIBRARY, 9))
    recorder, given = Recorder(made), [item(n, text) for n, text in enumerate(TEXTS, 1)]

    def before(article):
        def reads(view):
            ready = articles.prepare(view, article, mates)
            return lambda tx: articles.record(tx, article, ready)

        return reads

    with made.write() as connection:  # holds the lock, so that the works share a transaction
        snapshots.add_all(connection, [capture(each) for each in given])
        futures = [recorder.submit_prepared(before(each)) for each in given]
    recorder.close()
    assert [each.result().n for each in futures] == [1] * len(given)
    assert held(made) == [["1", "2", "3"], ["4", "5"], ["6", "7"], ["8"], ["9"]]


def test_what_was_prepared_together_is_not_compared_in_the_transaction(made):
    record(made, item(9, LIBRARY, 9))
    given, mates = [item(n, text) for n, text in enumerate(TEXTS, 1)], Mates()
    with made.read() as view:
        ready = [articles.prepare(view, each, mates) for each in given]
    with uncompared(), made.write() as connection:
        snapshots.add_all(connection, [capture(each) for each in given])
        for each, known in zip(given, ready, strict=True):
            articles.record(connection, each, known)
    assert held(made) == [["1", "2", "3"], ["4", "5"], ["6", "7"], ["8"], ["9"]]


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    opened = catalogue(tmp_path_factory.mktemp("prospects") / "newscrawl.db")
    yield opened
    opened.close()


STEPS = st.lists(
    st.tuples(
        st.integers(1, 5),  # the address
        st.integers(0, len(TEXTS) - 1),
        st.integers(-4, 4),  # the day
        st.sampled_from(("标题", "别题")),  # another text under another title is another article
        st.integers(0, 4),  # so many are recorded between its preparation and itself
    ),
    min_size=1,
    max_size=12,
)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_however_long_ago_it_was_prepared(shared, steps):
    given = [
        item(number, TEXTS[text], days, headline=f"{title}{number}", record_id=f"<urn:{n}>")
        for n, (number, text, days, title, _ago) in enumerate(steps)
    ]
    with shared.write() as connection:
        snapshots.add_all(connection, [capture(each) for each in given])
        ready, mates = {}, Mates()
        for n, article in enumerate(given):
            for m in range(n, len(given)):
                if m not in ready and m - steps[m][-1] <= n:
                    ready[m] = articles.prepare(connection, given[m], mates)
            articles.record(connection, article, ready[n])
        together = partition(connection)
        placement.judge_all(connection)
        anew = partition(connection)
        connection.rollback()
    assert together == anew
