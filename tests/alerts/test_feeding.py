"""A subscription's feed, read from a real catalogue."""

from __future__ import annotations

from datetime import datetime

import pytest

from newscrawl.alerts.feeding import MOST, feed_of
from newscrawl.alerts.links import Links
from newscrawl.catalogue import matches, subscriptions
from tests.makers import NOW, article, catalogue, record
from tests.people import match, matched, person, subscription
from tests.reports import FERRY, LIBRARY

LINKS = Links("https://news.example.org")
ADDRESS = "https://news.example.org/feed/x.atom"
TITLES = {"hangzhou_daily": "杭州日报", "metro_express": "都市快报"}
LATER = "2023-12-15T01:00:00.000000+00:00"


@pytest.fixture
def made(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db", TITLES)
    yield made
    made.close()


def subscribed(made, query="渡口", **changes):
    with made.write() as tx:
        return subscription(tx, person(tx), query=query, **changes)


def read(made, subscription_id, links=LINKS, address=ADDRESS):
    with made.read() as connection:
        kept = subscriptions.by_ids(connection, [subscription_id])[subscription_id]
        return feed_of(connection, kept, "zh", links=links, address=address)


def test_what_was_found_is_an_entry(made):
    (kept,) = record(made, article(1))
    mine = subscribed(made)
    with made.write() as tx:
        matches.add(tx, [match(mine, kept.article_id, kept.seq, matched=LATER)])
    feed = read(made, mine)
    (entry,) = feed.entries
    assert (entry.headline, entry.paper, entry.page) == (
        "第1号渡口恢复通航",
        "杭州日报",
        "A01 要闻",
    )
    assert entry.time == feed.updated == datetime.fromisoformat(LATER)
    assert entry.seen == datetime.fromisoformat(NOW)
    assert [entry.passage.text[start:end] for start, end in entry.passage.spans] == ["渡口"]
    assert entry.snapshot == f"https://news.example.org/s/{kept.article_id}/1"
    assert (entry.original, entry.kind, entry.also) == (article(1).url, "new", ())
    assert (feed.title, feed.address, feed.language) == ("临空", ADDRESS, "zh")


def test_without_a_public_address_there_are_no_links_of_ours(made):
    (kept,) = record(made, article(1))
    mine = subscribed(made)
    with made.write() as tx:
        matched(tx, mine, kept.article_id)
    feed = read(made, mine, links=None, address="")
    assert (feed.address, feed.entries[0].snapshot) == ("", "")


def test_a_story_is_one_entry_that_names_the_other_papers(made):
    one, two, three = record(
        made,
        article(1, paragraphs=FERRY),
        article(2, paragraphs=FERRY, paper="metro_express"),
        article(3, paragraphs=LIBRARY),
    )
    mine = subscribed(made)
    with made.write() as tx:
        pairs = [match(mine, each.article_id, each.seq) for each in (one, two, three)]
        matches.add(tx, pairs)
    library, ferry = read(made, mine).entries
    assert (library.headline, library.also, library.story) == ("第3号渡口恢复通航", (), "")
    assert (ferry.headline, ferry.also) == ("第1号渡口恢复通航", ("都市快报",))
    assert ferry.story == f"https://news.example.org/story/{one.article_id}"
    assert {each.story for each in read(made, mine, links=None).entries} == {""}


def test_an_entry_keeps_its_id_and_two_subscriptions_have_ids_of_their_own(made):
    (kept,) = record(made, article(1))
    mine = subscribed(made)
    with made.write() as tx:
        other = subscription(tx, person(tx, "林"))
        matched(tx, mine, kept.article_id)
        matched(tx, other, kept.article_id)
    one, again, another = read(made, mine), read(made, mine, links=None), read(made, other)
    assert (one.id, one.entries[0].id) == (again.id, again.entries[0].id)
    assert len({one.id, one.entries[0].id, another.id, another.entries[0].id}) == 4
    assert one.id.startswith("urn:uuid:")


def test_an_entry_shows_the_version_that_was_found(made):
    record(made, article(1, paragraphs=["渡口停航。"]))
    edited = article(1, paragraphs=["改过的稿子。"])
    edited.record_id = "<urn:uuid:00000009-0000-4000-8000-000000000000>"
    record(made, edited)
    mine = subscribed(made)
    with made.write() as tx:
        matched(tx, mine, "hangzhou_daily/2023-12-15/A01/1")
    assert read(made, mine).entries[0].passage.text == "渡口停航。"


def test_an_article_that_may_not_be_found_any_more_leaves_its_story_to_the_others(made):
    one, two, three = record(
        made,
        article(1, paragraphs=FERRY),
        article(2, paragraphs=LIBRARY),
        article(3, paragraphs=FERRY),
    )
    mine = subscribed(made)
    with made.write() as tx:
        pairs = [match(mine, each.article_id, each.seq) for each in (one, two, three)]
        matches.add(tx, pairs)
        for gone in (one, two):
            tx.exec_driver_sql(f"UPDATE versions SET live = 0 WHERE seq = {gone.seq}")
    assert [each.headline for each in read(made, mine).entries] == ["第3号渡口恢复通航"]


def test_a_feed_without_anything_was_changed_when_it_began(made):
    feed = read(made, subscribed(made))
    assert (feed.entries, feed.updated) == ((), datetime.fromisoformat(NOW))


def test_no_more_than_the_newest_are_shown(made):
    kept = record(made, *(article(number, paragraphs=[]) for number in range(1, MOST + 3)))
    mine = subscribed(made)
    with made.write() as tx:
        matches.add(tx, [match(mine, each.article_id, each.seq) for each in kept])
    entries = read(made, mine).entries
    assert len(entries) == MOST
    assert entries[0].headline == f"第{MOST + 2}号渡口恢复通航"
    assert entries[0].passage.text == ""


def test_a_query_that_is_not_read_any_more_marks_nothing(made):
    (kept,) = record(made, article(1))
    mine = subscribed(made, "(((")
    with made.write() as tx:
        matched(tx, mine, kept.article_id)
    passage = read(made, mine).entries[0].passage
    assert passage.text.startswith("第1号渡口昨日")
    assert passage.spans == ()


def test_the_language_is_the_reader_s(made):
    mine = subscribed(made)
    with made.read() as connection:
        kept = subscriptions.by_ids(connection, [mine])[mine]
        assert feed_of(connection, kept, "en", links=None, address="").language == "en"
