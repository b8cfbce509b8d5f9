"""What subscribers are told: nothing of what is taken down, in feeds, messages or matches."""

from __future__ import annotations

import pytest

from newscrawl import settings
from newscrawl.alerts.feed_keeper import FeedKeeper
from newscrawl.catalogue import matches
from newscrawl.ops.takedown import Order, lift, take_down
from tests.alerts.sent import Told
from tests.alerts.test_feed_files import begun, desk, folder, found, held, home, made
from tests.makers import PAPER, article, record
from tests.takedown.conftest import NOW

__all__ = ["desk", "folder", "home", "made"]

ID = f"{PAPER}/2023-12-15/A01/2"
HIDE = Order("hide", "asked by the author", "privacy", "desk")


def test_i1_a_feeds_file_is_written_anew_at_once(made, home, desk, folder, monkeypatch):
    monkeypatch.setattr(settings, "FEEDS", str(folder))
    one = begun(desk)
    found(made, one, article(1), article(2))
    FeedKeeper(home, made).keep()
    assert all("第2号".encode() in data or b"\\u7b2c2" in data for data in held(folder).values())
    taken = take_down(home, made, HIDE, NOW, wanted=ID, prefix=False)
    text = b"".join(held(folder).values()).decode()
    assert "第1号" in text
    assert "第2号" not in text
    lift(home, made, taken.tombstone.id, NOW, "a mistake")
    assert "第2号" in b"".join(held(folder).values()).decode()


@pytest.mark.parametrize("before", [True, False])
def test_i1_nobody_is_told_of_it_whether_it_was_matched_before(made, home, before):
    told = Told(made)
    told.subscribe("渡口", "json://127.0.0.1:9")
    record(told.catalogue, article(1), article(2))
    if before:
        told.match()
    take_down(home, made, HIDE, NOW, wanted=ID, prefix=False)
    told.match()
    states = [each.state for each in told.outbox()]
    assert states == (["waiting", "cancelled"] if before else ["waiting"])
    with told.catalogue.read() as view:
        assert matches.newest_id(view) == (2 if before else 1)
