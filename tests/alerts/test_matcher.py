"""Every version is matched once, whatever comes in between."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newscrawl.alerts import matcher as matching
from newscrawl.alerts.matcher import Matcher
from newscrawl.catalogue import leases, letters, matches, subscribers, subscriptions, versions
from newscrawl.catalogue.article_ids import proposed_id
from newscrawl.catalogue.routes import Route, lay_routes
from tests.makers import DAY, ILLEGIBLE, NOW, article, catalogue, record, ruin
from tests.people import address, person, subscription
from tests.reports import FERRY

ALL = ("waiting", "leased", "sent", "dead", "cancelled", "expired")


@pytest.fixture
def made(tmp_path):
    opened = catalogue(tmp_path / "newscrawl.db")
    yield opened
    opened.close()


def subscribed(made, query, name="渡口", /, who="me", to="a", **changes):
    """A subscription of somebody, who is added where he is not there."""
    with made.write() as tx:
        found = subscribers.found(tx, who)
        one = found.id if found else person(tx, who)
        return subscription(tx, one, name, (_address(tx, one, to),), query=query, **changes)


def _address(tx, one, mark):
    held = [each.id for each in subscribers.addresses_of(tx, one) if mark in each.shown]
    return held[0] if held else address(tx, one, mark)


def follow(made):
    matcher = Matcher(made, lambda text: f"key {text}")
    while matcher.step():
        pass
    return matcher


def kinds(made, number):
    """`(article id, kind)` of what has matched."""
    with made.read() as view:
        return [(each.article_id, each.kind) for each in reversed(matches.newest(view, number, 99))]


def outgoing(made):
    with made.read() as view:
        return letters.listed(view, ALL, 99)


def test_an_article_that_matches_is_noted_and_to_be_sent(made):
    number = subscribed(made, "渡口 -公园")
    record(made, article(1), article(2, headline="公园开放", paragraphs=["公园有渡口。"]))
    follow(made)
    assert kinds(made, number) == [("hangzhou_daily/2023-12-15/A01/1", "new")]
    (delivery,) = outgoing(made)
    assert (delivery.state, delivery.subscription_id) == ("waiting", number)
    with made.read() as view:
        assert matches.matched(view) == versions.newest_seq(view) == 2


def test_a_match_says_when_its_article_was_published_seen_and_recorded(made):
    number = subscribed(made, "渡口")
    record(made, article(1))
    follow(made)
    with made.read() as view:
        (match,) = matches.newest(view, number, 9)
    assert (match.published, match.first_seen) == (DAY, NOW)
    assert NOW < match.recorded < match.matched


def test_nothing_is_matched_twice_and_nothing_skipped_by_several_matchers(made):
    number = subscribed(made, "渡口")
    one, other = (Matcher(made, lambda text: f"key {text}") for _ in range(2))
    for turn in range(1, 7):
        record(made, article(turn))
        (one, other)[turn % 2].step()
        one.step()
        other.step()
    assert [each for each, _kind in kinds(made, number)] == [
        f"hangzhou_daily/2023-12-15/A01/{turn}" for turn in range(1, 7)
    ]
    assert len(outgoing(made)) == 6


def test_who_moved_the_mark_meanwhile_has_written_it(made, monkeypatch):
    """Two have looked for the same; the second to write writes nothing."""
    number = subscribed(made, "渡口")
    record(made, article(1))
    slow, quick = (Matcher(made, lambda text: f"key {text}") for _ in range(2))
    write = slow._write

    def overtaken(*given):
        quick.step()
        return write(*given)

    monkeypatch.setattr(slow, "_write", overtaken)
    slow.step()
    assert len(kinds(made, number)) == 1
    assert len(outgoing(made)) == 1


def test_what_fails_in_the_middle_of_writing_is_matched_by_the_next(made, monkeypatch):
    number = subscribed(made, "渡口")
    record(made, article(1))
    with monkeypatch.context() as patch:
        patch.setattr("newscrawl.alerts.telling.outbox.put", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            follow(made)
    assert kinds(made, number) == []
    follow(made)
    assert len(kinds(made, number)) == len(outgoing(made)) == 1


def test_h6_a_new_subscription_concerns_what_comes_after_it(made):
    matcher = follow(made)
    record(made, article(1))
    number = subscribed(made, "渡口", since_seq=1)
    record(made, article(2))
    while matcher.step():
        pass
    assert kinds(made, number) == [("hangzhou_daily/2023-12-15/A01/2", "new")]


def test_h6_a_new_subscription_on_an_archive_that_nobody_has_matched_hears_of_none_of_it(made):
    """The matcher is behind by all of it, as where the first subscription comes late."""
    record(made, *map(article, range(1, 301)))
    number = subscribed(made, "渡口", since_seq=300)
    record(made, article(301))
    follow(made)
    assert kinds(made, number) == [("hangzhou_daily/2023-12-15/A01/301", "new")]
    assert len(outgoing(made)) == 1


def test_changes_take_effect_from_the_next_article_on(made):
    number = subscribed(made, "渡口")
    other = subscribed(made, "渡口", "又一", who="you")
    matcher = follow(made)
    record(made, article(1))
    while matcher.step():
        pass
    with made.write() as tx:
        held = subscriptions.by_ids(tx, [number, other])
        subscriptions.change(tx, replace(held[number], state="paused"))
        subscriptions.change(tx, replace(held[other], query="莫干山"))
    record(made, article(2), article(3, headline="莫干山下雪"))
    while matcher.step():
        pass
    assert [each for each, _ in kinds(made, number)] == ["hangzhou_daily/2023-12-15/A01/1"]
    assert [each for each, _ in kinds(made, other)] == [
        "hangzhou_daily/2023-12-15/A01/1",
        "hangzhou_daily/2023-12-15/A01/3",
    ]


def test_an_edit_that_newly_matches_fires_as_edited_and_once(made):
    number = subscribed(made, "莫干山")
    record(made, article(1))
    follow(made)
    for text in ("莫干山昨日下雪。", "莫干山昨日下雪，今日放晴。"):
        record(made, article(1, paragraphs=[*article(1).paragraphs, text]))
        follow(made)
    assert kinds(made, number) == [("hangzhou_daily/2023-12-15/A01/1", "edited")]


def test_h6_an_edit_of_what_matched_before_a_subscription_is_no_news(made):
    record(made, article(1))
    number = subscribed(made, "渡口", since_seq=1)
    record(made, article(1, paragraphs=[*article(1).paragraphs, "今日放晴。"]))
    follow(made)
    assert kinds(made, number) == []


def test_what_is_brought_silently_fires_nothing(made):
    number = subscribed(made, "渡口")
    record(made, article(1, silent=True), article(2))
    follow(made)
    assert [each for each, _ in kinds(made, number)] == ["hangzhou_daily/2023-12-15/A01/2"]


def test_a_person_hears_of_a_story_once(made):
    number = subscribed(made, "渡口")
    stranger = subscribed(made, "通航", "别人", who="you")
    text = ["渡口昨日恢复通航，首班船载客四十二人，市民称赞出行方便，码头工作人员维持秩序。" * 3]
    record(made, article(1, paragraphs=text))
    record(made, article(2, paragraphs=text, headline="首班船昨日启航通航"))
    follow(made)
    assert [kind for _each, kind in kinds(made, number)] == ["new", "reprint"]
    assert [kind for _each, kind in kinds(made, stranger)] == ["new", "reprint"]
    assert len(outgoing(made)) == 2


def test_papers_narrow_a_subscription(made):
    here = subscribed(made, "渡口 OR 公园", papers=("杭州日报",))
    elsewhere = subscribed(made, "渡口", "别处", papers=("都市快报",))
    record(made, article(1))
    follow(made)
    assert len(kinds(made, here)) == 1
    assert kinds(made, elsewhere) == []


def test_without_subscriptions_the_mark_goes_on(made):
    record(made, article(1))
    matcher = follow(made)
    assert not matcher.behind()
    with made.read() as view:
        assert matches.matched(view) == 1


def test_an_address_that_is_not_confirmed_is_told_nothing_yet(made):
    with made.write() as tx:
        me = person(tx)
        pending = address(tx, me, "p", state="pending", confirmed=None)
        number = subscription(tx, me, "渡口", (pending,), query="渡口")
    record(made, article(1))
    follow(made)
    assert len(kinds(made, number)) == 1
    with made.write() as tx:
        assert leases.take(tx, "2999", "3000", 9) == []
    assert [each.state for each in outgoing(made)] == ["waiting"]


def test_hourly_matches_go_together(made):
    subscribed(made, "渡口", rhythm="daily 07:30")
    record(made, *map(article, range(1, 5)))
    follow(made)
    (delivery,) = outgoing(made)
    with made.read() as view:
        assert len(matches.of_deliveries(view, [delivery.id])[delivery.id]) == 4


def test_of_several_versions_at_once_the_first_that_matches_fires(made):
    number = subscribed(made, "渡口")
    record(made, article(1))
    record(made, article(1, headline="班船恢复", paragraphs=["今日起班船恢复，市民称赞。"]))
    record(made, article(1, headline="渡口班船恢复", paragraphs=["今日起班船恢复，市民称赞。"]))
    follow(made)
    assert [kind for _each, kind in kinds(made, number)] == ["new"]
    assert len(outgoing(made)) == 1


def test_a_subscription_without_an_address_keeps_nothing_from_another(made):
    with made.write() as tx:
        me = person(tx)
        feed = subscription(tx, me, "只有订阅源", (), query="渡口")
        late = subscription(
            tx, me, "每天", (address(tx, me, "a"),), query="渡口", rhythm="daily 07:30"
        )
        soon = subscription(tx, me, "立即", (address(tx, me, "b"),), query="渡口")
    record(made, article(1))
    follow(made)
    assert [kinds(made, each)[0][1] for each in (soon, late, feed)] == ["new", "reprint", "reprint"]
    (delivery,) = outgoing(made)
    assert delivery.subscription_id == soon


def of_a_feed_then_of_an_address(tx):
    """Two subscriptions of a person, each of a paper of its own; the first has a feed only."""
    me = person(tx)
    feed = subscription(tx, me, "只有订阅源", (), query="渡口", papers=("杭州日报",))
    place = address(tx, me, state="pending", confirmed=None)
    late = subscription(tx, me, "渡口", (place,), query="恢复", papers=("都市快报",))
    return feed, late, place


REPORT = article(1, paragraphs=FERRY)
REPRINT = replace(REPORT, paper="x", url="https://x.example/1", record_id="<urn:2>")


@pytest.mark.parametrize("routed", [False, True])
def test_who_was_told_nothing_before_a_crash_hears_of_the_story_after_it(
    tmp_path, monkeypatch, routed
):
    """Of the report there is a match that nobody was told of; until the matcher is back, what has
    matched it is given an address, or its address, for which it was held, is confirmed.
    """
    monkeypatch.setattr(matching, "SLICE", 1)
    monkeypatch.setattr(matching, "PAUSE_SECONDS", 0)
    made = catalogue(tmp_path / "newscrawl.db", {"hangzhou_daily": "杭州日报", "x": "都市快报"})
    with made.write() as tx:
        feed, late, place = of_a_feed_then_of_an_address(tx)
        if routed:
            lay_routes(tx, feed, [Route(feed, place, fallback=False)])
    record(made, REPORT, REPRINT)
    slices = iter(range(9))
    tell = matching.tell

    def ending(*given):
        if next(slices) == 1:
            raise ZeroDivisionError
        return tell(*given)

    with monkeypatch.context() as patch:
        patch.setattr(matching, "tell", ending)
        with pytest.raises(ZeroDivisionError):
            follow(made)
    with made.write() as tx:
        subscribers.reopen(tx, place, NOW)
        lay_routes(tx, feed, [Route(feed, place, fallback=False)])
    follow(made)
    teller = feed if routed else late
    assert kinds(made, teller)[0][1] == "new"
    assert [each.subscription_id for each in outgoing(made)] == [teller]
    made.close()


@pytest.mark.parametrize("how", ILLEGIBLE)
def test_an_article_that_cannot_be_read_keeps_no_other_from_being_told_of(made, how):
    number = subscribed(made, "渡口")
    record(made, *(article(each, paragraphs=["渡口。" * each]) for each in (1, 2, 3)))
    ruin(made, how, 2)
    follow(made)
    assert [told for told, _kind in kinds(made, number)] == [_id_of(1), _id_of(3)]


def test_an_edit_of_what_cannot_be_read_is_told_of(made):
    record(made, article(1, paragraphs=["江边。"]))
    number = subscribed(made, "渡口")
    ruin(made, next(iter(ILLEGIBLE)), 1)
    record(made, article(1, paragraphs=["江边的渡口。"]))
    follow(made)
    assert kinds(made, number) == [(_id_of(1), "edited")]


def _id_of(number):
    return proposed_id(article(number))
