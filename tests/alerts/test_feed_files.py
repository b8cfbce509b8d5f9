"""Feeds in a directory: whole, in step with the catalogue, and nothing touched that is not ours."""

from __future__ import annotations

import json
import os
from datetime import datetime

import pytest
from lxml import etree

from newscrawl import durable, settings
from newscrawl.alerts.channels.addresses import parsed
from newscrawl.alerts.feed_files import FeedsUnwritten, Written, write
from newscrawl.alerts.feed_keeper import KEPT
from newscrawl.alerts.policy import Policy
from newscrawl.alerts.secrets import Secrets, SecretsError
from newscrawl.alerts.subscribing import Desk
from newscrawl.alerts.wishes import ME, Change, Wish
from newscrawl.catalogue import matches
from newscrawl.home import Home
from newscrawl.query.limits import Limits
from tests.alerts.sent import KEY
from tests.makers import article, catalogue, record
from tests.people import match

SECRETS = Secrets(KEY, "the test's key")
NS = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def made(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSCRAWL_SECRET_KEY", KEY)
    made = catalogue(tmp_path / "newscrawl.db")
    yield made
    made.close()


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "www" / "feeds"


@pytest.fixture
def desk(made, home):
    return Desk(made, home, Policy(Limits(), 9, 9, ""), check=parsed)


@pytest.fixture
def written(made, home, folder):
    return lambda: write(folder, home, made, SECRETS)


def found(made, subscription, *items):
    kept = record(made, *items)
    with made.write() as tx:
        matches.add(tx, [match(subscription.id, each.article_id, each.seq) for each in kept])


def begun(desk, name="渡口"):
    return desk.subscribe(Wish(name, "渡口")).subscription


def names(subscription):
    secret = SECRETS.opened(subscription.feed.sealed)
    return [f"{secret}.atom", f"{secret}.json"]


def held(folder):
    """What is there, but for how far it has come."""
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.name != KEPT}


def test_every_subscription_has_an_atom_and_a_json_file(made, desk, folder, written):
    one, other = begun(desk), begun(desk, "码头")
    found(made, one, article(1), article(2, headline="<b>&]]>\x00渡口"))
    assert written() == Written(feeds=2, written=4, removed=0)
    assert sorted(held(folder)) == sorted([*names(one), *names(other)])
    atom, data = (held(folder)[name] for name in names(one))
    assert [each["title"] for each in json.loads(data)["items"]] == [
        "<b>&]]>渡口",
        "第1号渡口恢复通航",
    ]
    check_atom(atom)
    check_atom(held(folder)[names(other)[0]])
    links = etree.fromstring(atom).xpath("//a:entry/a:link/@href", namespaces=NS)
    assert set(links) == {article(1).url, article(2).url}, "there is no public address"


def check_atom(document):
    """What RFC 4287 asks of a feed, as an independent reader sees it."""
    root = etree.fromstring(document)
    assert root.tag == f"{{{NS['a']}}}feed"
    entries = root.findall("a:entry", NS)
    for element in (root, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", NS)) == 1
        assert element.findtext("a:id", namespaces=NS).startswith("urn:uuid:")
        assert datetime.fromisoformat(element.findtext("a:updated", namespaces=NS)).tzinfo
        assert element.find("a:author/a:name", NS) is not None
    ids = [each.findtext("a:id", namespaces=NS) for each in entries]
    assert len({*ids}) == len(ids)
    for entry in entries:
        assert len(entry.findall("a:link[@rel='alternate']", NS)) == 1
    assert all(url.startswith("http") for url in root.xpath("//a:link/@href", namespaces=NS))


def test_they_are_what_is_served_at_the_public_address(made, desk, folder, written, monkeypatch):
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://news.example")
    one = begun(desk)
    found(made, one, article(1))
    written()
    atom = etree.fromstring(held(folder)[names(one)[0]])
    assert atom.xpath("/a:feed/a:link[@rel='self']/@href", namespaces=NS) == [
        f"https://news.example/feed/{names(one)[0]}"
    ]
    [link] = atom.xpath("//a:entry/a:link[@rel='alternate']/@href", namespaces=NS)
    assert link.startswith("https://news.example/s/")


def test_what_has_not_changed_is_not_touched(made, desk, folder, written):
    one, other = begun(desk), begun(desk, "码头")
    found(made, one, article(1))
    written()
    for path in folder.iterdir():
        os.utime(path, (1, 1))
    assert written() == Written(feeds=2)
    found(made, one, article(2))
    assert written() == Written(feeds=2, written=2)
    untouched = {path.name for path in folder.iterdir() if path.stat().st_mtime == 1}
    assert untouched == {*names(other)}


def test_entries_keep_their_ids_whatever_becomes_of_the_subscription(made, desk, folder, written):
    one = begun(desk)
    found(made, one, article(1))
    written()
    before = ids(held(folder)[names(one)[0]])
    desk.edit(ME, "渡口", Change(name="码头", query="通航", papers=("hangzhou_daily",)))
    found(made, one, article(2))
    written()
    assert [ids(held(folder)[names(one)[0]])[place] for place in (0, -1)] == before


def ids(document):
    return [each.text for each in etree.fromstring(document).iter(f"{{{NS['a']}}}id")]


def test_only_what_is_ours_and_not_wanted_any_more_is_removed(made, desk, folder, written):
    gone, paused, stays = (begun(desk, name) for name in ("一", "二", "三"))
    written()
    strange = {"index.html": b"a", f"{'x' * 43}.atom": b"b", f"{'x' * 43}.json.new": b"c"}
    for name, content in strange.items():
        (folder / name).write_bytes(content)
    (folder / f"{names(stays)[0]}.new").write_bytes(b"what a kill left")
    desk.remove(ME, "一")
    desk.pause(ME, "二")
    assert written() == Written(feeds=2, removed=3)
    assert sorted(held(folder)) == sorted([*names(stays), *names(paused), *strange])
    assert not {*names(gone)} & {*held(folder)}


def test_a_write_that_fails_leaves_what_was_there(made, desk, folder, written, monkeypatch):
    one = begun(desk)
    written()
    before = held(folder)
    found(made, one, article(1))

    def full(path, _content):
        path.with_name(f"{path.name}.new").write_bytes(b"<feed")
        raise OSError(28, "No space left on device", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(durable, "replace", full)
        with pytest.raises(FeedsUnwritten) as failure:
            written()
    said = f"{folder}: feeds cannot be written: No space left on device"
    assert str(failure.value) == said, "no name of a file, which is a secret"
    assert {name: held(folder)[name] for name in names(one)} == before
    assert written() == Written(feeds=1, written=2, removed=0)
    assert len(held(folder)) == 2


def test_a_directory_that_is_none_and_another_key_are_said_so(made, desk, home, folder):
    begun(desk)
    folder.parent.mkdir()
    folder.write_text("a file")
    with pytest.raises(
        FeedsUnwritten, match="a file is in the way; feeds are written into a directory"
    ):
        write(folder, home, made, SECRETS)
    folder.unlink()
    with pytest.raises(SecretsError):
        write(folder, home, made, Secrets("f" * 32, "another key"))
    assert held(folder) == {}
