"""Feeds at their secret addresses."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from lxml import etree
from sqlalchemy import update

from newscrawl.alerts.secrets import digest
from newscrawl.catalogue import matches, subscriptions
from newscrawl.catalogue.schema import versions
from newscrawl.catalogue.subscriptions import Secret
from tests.makers import article, record
from tests.people import match, person, subscription

TOKEN = "mX2vN8qLw0Zr5sT1uY7bK3dF9hJ4gA6c"


@pytest.fixture
def mine(held):
    """A subscription that has found an article."""
    (kept,) = record(held, article(1))
    with held.write() as tx:
        added = subscription(tx, person(tx), query="渡口", feed=Secret("sealed", digest(TOKEN)))
        matches.add(tx, [match(added, kept.article_id, kept.seq)])
    return added


def let_be(held, subscription_id, state):
    with held.write() as tx:
        kept = subscriptions.by_ids(tx, [subscription_id])[subscription_id]
        subscriptions.change(tx, replace(kept, state=state))


def asked(get, target=f"/feed/{TOKEN}.atom", **headers):
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return get(target, headers=[("host", "localhost"), *pairs])


def test_a_reader_gets_both_formats(mine, get):
    told = asked(get)
    assert told.status == 200
    assert told.headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert told.headers["cache-control"] == "private, no-cache"
    root = etree.fromstring(told.body)
    (link,) = root.xpath("/*/*[local-name()='link']/@href")
    assert link == f"https://news.example.org/feed/{TOKEN}.atom"
    data = asked(get, f"/feed/{TOKEN}.json")
    assert data.headers["content-type"] == "application/feed+json; charset=utf-8"
    assert json.loads(data.body)["items"][0]["title"] == "第1号渡口恢复通航"
    assert get(f"/feed/{TOKEN}.atom", "HEAD").status == 200


def test_what_a_reader_has_already_is_not_sent_again(mine, get, held):
    first = asked(get)
    etag = first.headers["etag"]
    for tags in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = asked(get, if_none_match=tags)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == etag
        assert again.headers["cache-control"] == "private, no-cache"
    assert asked(get, f"/feed/{TOKEN}.json", if_none_match=etag).status == 200
    (kept,) = record(held, article(2))
    with held.write() as tx:
        matches.add(tx, [match(mine, kept.article_id, kept.seq)])
    assert asked(get, if_none_match=etag).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"if_none_match": '"other"'},
        {"if_none_match": ""},
        {"if_modified_since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"if_none_match": '"other"', "if_modified_since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ],
)
def test_anything_else_is_answered_in_full(mine, get, headers):
    assert asked(get, **headers).status == 200


def test_a_feed_that_changes_by_nothing_new_is_sent_again(mine, get, held):
    """A headline here; the time of its newest entry stays, as after a takedown."""
    first = asked(get)
    assert "last-modified" not in first.headers, "no date tells whether a feed has changed"
    now = format_datetime(datetime.now(UTC), usegmt=True)
    with held.write() as tx:
        tx.execute(update(versions).values(headline="改过的标题"))
    changed = asked(get, if_none_match=first.headers["etag"], if_modified_since=now)
    assert changed.status == 200
    assert "改过的标题" in changed.body.decode()
    assert asked(get, if_modified_since=now).status == 200


@pytest.mark.parametrize("form", ["atom", "json"])
def test_a_subscription_that_is_removed_is_gone(mine, get, held, form):
    let_be(held, mine, "removed")
    answer = asked(get, f"/feed/{TOKEN}.{form}")
    assert answer.status == 410
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("form", ["atom", "json"])
def test_a_subscription_that_is_paused_shows_what_it_has(mine, get, held, form):
    """A reader drops for good what is gone."""
    before = asked(get, f"/feed/{TOKEN}.{form}")
    let_be(held, mine, "paused")
    paused = asked(get, f"/feed/{TOKEN}.{form}")
    assert (paused.status, paused.body) == (200, before.body)


@pytest.mark.parametrize(
    "secret",
    [
        "x", TOKEN[:-1], TOKEN.lower(), TOKEN + "=", digest(TOKEN), "sealed", "%00", "%ff",
        "x" * 9999,
    ],
)  # fmt: skip
def test_a_secret_that_is_none_is_not_there(mine, get, secret):
    answer = asked(get, f"/feed/{secret}.atom")
    assert answer.status == 404
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_another_format_is_not_there(mine, get):
    for name in (TOKEN, f"{TOKEN}.rss", f"{TOKEN}.atom/x", f"{TOKEN}xatom"):
        assert asked(get, f"/feed/{name}").status == 404
