"""A query that is changed reaches neither back nor loses what was recorded before."""

from __future__ import annotations

import pytest

from newscrawl.alerts import backlog as module
from newscrawl.alerts.backlog import Backlog
from newscrawl.alerts.channels.addresses import parsed
from newscrawl.alerts.matcher import Matcher
from newscrawl.alerts.policy import Policy
from newscrawl.alerts.rhythm import Rhythm
from newscrawl.alerts.subscribing import Desk
from newscrawl.alerts.wishes import ME, Change, Wish
from newscrawl.catalogue import leases, letters, matches, subscribers, versions
from newscrawl.home import Home
from newscrawl.query.limits import Limits
from tests.alerts.sent import KEY
from tests.makers import NOW, TITLE, article, catalogue, record
from tests.reports import FERRY

NTFY = "ntfy://news.example/topic"
EXPRESS = "metro_express"
FOREVER = "2999-01-01T00:00:00.000000+00:00"


@pytest.fixture
def made(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSCRAWL_SECRET_KEY", KEY)
    titles = {"hangzhou_daily": TITLE, EXPRESS: "都市快报"}
    made = catalogue(tmp_path / "newscrawl.db", titles)
    yield made
    made.close()


@pytest.fixture
def desk(made, tmp_path):
    return Desk(made, Home(tmp_path), Policy(Limits(), 9, 9, ""), check=parsed)


def begun(desk, query, name="渡口", rhythm="at once", to=(NTFY,)):
    wish = Wish(name, query, to=to, rhythm=Rhythm.parse(rhythm))
    return desk.subscribe(wish).subscription.id


def follow(matcher):
    while matcher.step():
        pass


def matcher(made):
    return Matcher(made, lambda text: f"key {text}")


def fired(made, number):
    with made.read() as view:
        return [each.article_id[-1] for each in reversed(matches.newest(view, number, 99))]


def outgoing(made):
    with made.read() as view:
        return letters.listed(view, ("waiting",), 99)


@pytest.mark.parametrize("change", [{"query": "食堂"}, {"papers": (EXPRESS,)}])
def test_what_was_recorded_before_is_matched_as_it_was_asked_for_then(made, desk, change):
    """The matcher is behind: it has not looked at either article when the query is changed."""
    number = begun(desk, "渡口")
    record(made, article(1), article(2, headline="食堂开张", paragraphs=["社区食堂昨日开张。"]))
    desk.edit(ME, "渡口", Change(**change))
    assert fired(made, number) == ["1"]
    assert [each.subscription_id for each in outgoing(made)] == [number]
    after = article(3, paper=EXPRESS, url="https://e.com/3", paragraphs=["渡口有食堂。"])
    record(made, after, article(4))
    follow(matcher(made))
    assert fired(made, number) == ["1", "3"], "from the next article on it is the new one"


def test_what_else_is_changed_leaves_what_is_to_be_matched(made, desk):
    number = begun(desk, "渡口")
    record(made, article(1))
    desk.edit(ME, "渡口", Change(name="码头", rhythm=Rhythm.parse("hourly"), query="渡口"))
    follow(matcher(made))
    assert fired(made, number) == ["1"]


def test_a_matcher_that_has_looked_and_not_yet_written_adds_nothing_again(made, desk, monkeypatch):
    number = begun(desk, "渡口")
    record(made, article(1))
    slow = matcher(made)
    write = slow._write

    def overtaken(*given):
        desk.edit(ME, "渡口", Change(query="市民"))
        return write(*given)

    with monkeypatch.context() as patch:
        patch.setattr(slow, "_write", overtaken)
        slow.step()
    assert fired(made, number) == ["1"]
    assert len(outgoing(made)) == 1
    record(made, article(2))
    follow(slow)
    assert fired(made, number) == ["1", "2"]


def test_of_a_persons_subscriptions_that_which_is_told_soonest_tells(made, desk):
    """As the matcher would have it: not the one that is changed, and so matched first."""
    late = begun(desk, "渡口", "每天", "daily 08:00")
    soon = begun(desk, "通航", "马上")
    record(made, article(1, paragraphs=list(FERRY)))
    record(made, article(2, paper=EXPRESS, paragraphs=list(FERRY), url="https://e.com/2"))
    desk.edit(ME, "每天", Change(query="食堂"))
    follow(matcher(made))
    assert [each.subscription_id for each in outgoing(made)] == [soon]
    assert fired(made, late) == fired(made, soon) == ["1", "2"]


def test_what_is_recorded_meanwhile_is_matched_too(made, desk, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 2)
    number = begun(desk, "渡口")
    record(made, *map(article, range(1, 6)))
    with made.read() as view:
        me = subscribers.named(view, ME).id
    noted = []
    backlog = Backlog(me, lambda text: f"key {text}", noted.append)
    backlog.clear(made)
    record(made, *map(article, range(6, 9)))
    backlog.clear(made)
    with made.read() as view:
        assert matches.matched(view) < versions.newest_seq(view), "others are not matched by it"
        assert backlog.reached == versions.newest_seq(view)
    assert fired(made, number) == list("12345678")
    follow(matcher(made))
    assert fired(made, number) == list("12345678")
    assert len(outgoing(made)) == 8


def test_nothing_is_matched_under_the_write_lock_also_of_what_is_recorded_last(
    made, desk, monkeypatch
):
    """What comes between the last look and the change is the new query's, whole."""
    number = begun(desk, "渡口")
    record(made, article(1))
    clear, look = Backlog.clear, Backlog._next
    writing = []

    def overtaken(backlog, catalogue):
        clear(backlog, catalogue)
        record(made, article(2), article(3, headline="食堂开张", paragraphs=["社区食堂开张。"]))

    def looking(backlog, view):
        writing.append("writes" in view.get_execution_options())
        return look(backlog, view)

    monkeypatch.setattr(Backlog, "clear", overtaken)
    monkeypatch.setattr(Backlog, "_next", looking)
    desk.edit(ME, "渡口", Change(query="食堂"))
    assert writing
    assert not any(writing)
    assert fired(made, number) == ["1"]
    follow(matcher(made))
    assert fired(made, number) == ["1", "3"]


@pytest.fixture
def looked_at(monkeypatch):
    """The numbers of the articles that a backlog looks at, each time."""
    found = []

    def fired(standing, batch, before):
        found.extend(each.article_id[-1] for each in batch)
        return module_fired(standing, batch, before)

    module_fired = module.fired
    monkeypatch.setattr(module, "fired", fired)
    return found


def test_what_is_changed_meanwhile_has_nothing_read_again(made, desk, looked_at):
    number = begun(desk, "渡口")
    desk.subscribe(Wish("渡口", "码头", person="林"))
    record(made, article(1), article(2))
    with made.read() as view:
        me = subscribers.named(view, ME).id
    backlog = Backlog(me, lambda text: f"key {text}", lambda _heard: None)
    backlog.clear(made)
    desk.edit("林", "渡口", Change(query="食堂"))
    begun(desk, "食堂", "食堂")
    looked_at.clear()
    record(made, article(3))
    backlog.clear(made)
    assert looked_at == ["3"]
    assert fired(made, number) == list("123")


def test_another_of_the_person_is_followed_as_it_is_changed_meanwhile(made, desk):
    """Its old query is not asked of what was recorded after it was changed, nor the new one of
    what was before."""
    begun(desk, "渡口")
    other, paused = begun(desk, "渡口", "另一个"), begun(desk, "渡口", "停")
    record(made, article(1))
    with made.read() as view:
        me = subscribers.named(view, ME).id
    backlog = Backlog(me, lambda text: f"key {text}", lambda _heard: None)
    backlog.clear(made)
    canteen = {"headline": "食堂开张", "paragraphs": ["社区食堂昨日开张。"]}
    record(made, article(2, **canteen))
    desk.edit(ME, "另一个", Change(query="食堂"))
    desk.pause(ME, "停")
    record(made, article(3), article(4, **canteen))
    backlog.clear(made)
    assert fired(made, other) == ["1", "4"]
    assert fired(made, paused) == ["1"]


def test_what_nobody_needs_to_be_told_is_noted_once_it_is_committed(made, desk):
    begun(desk, "渡口")
    record(made, article(1, paragraphs=list(FERRY)))
    follow(matcher(made))
    with made.write() as tx:
        me = subscribers.named(tx, ME).id
        [leased] = leases.take(tx, FOREVER, FOREVER, 9)
        leases.sent(tx, leased, NOW)
    record(made, article(2, paper=EXPRESS, paragraphs=list(FERRY), url="https://e.com/2"))
    noted = []

    def note(heard):
        with made.read() as view:
            noted.append((matches.newest_id(view), heard))

    Backlog(me, lambda text: f"key {text}", note).clear(made)
    [(written, [reprint])] = noted
    assert written == 2
    assert reprint.article_id == f"{EXPRESS}/2023-12-15/A01/2"
