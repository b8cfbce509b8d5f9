"""What people have heard of, in words that hold in any copy of the catalogue."""

from __future__ import annotations

import pytest

from newscrawl.catalogue import heard, leases, matches, outbox, versions
from newscrawl.catalogue.heard import Heard
from newscrawl.catalogue.outbox import Wanted
from tests.makers import NOW, article, catalogue, record
from tests.people import address, match, person, subscription
from tests.reports import FERRY

PAPERS = {"hangzhou_daily": "杭州日报", "x": "都市快报", "y": "宁波日报"}


class Town:
    """Three papers have one story, the fourth article is another; two people ask for both."""

    def __init__(self, tx, recorded):
        self.tx = tx
        self.first, self.second, self.third, self.other = (each.article_id for each in recorded)
        self.texts = versions.by_seq(tx, [each.seq for each in recorded])
        self.seqs = {each.article_id: seq for seq, each in self.texts.items()}
        self.people = [person(tx, name) for name in ("甲", "乙")]
        self.places = [address(tx, each, f"of {each}") for each in self.people]
        pairs = zip(self.people, self.places, strict=True)
        self.asking = [subscription(tx, one, "渡口", (place,)) for one, place in pairs]

    def match(self, who, *which, kind="new"):
        made = [match(self.asking[who], each, self.seqs[each], kind=kind) for each in which]
        return [each.id for each in matches.add(self.tx, made)]

    def deliver(self, who, *ids):
        """The delivery of what has matched, as it is leased."""
        wanted = [
            Wanted(self.asking[who], self.places[who], each, f"key {ids[0]}", NOW, joins=True)
            for each in ids
        ]
        outbox.put(self.tx, wanted, NOW)
        [leased] = leases.take(self.tx, NOW, "2999", 1)
        return leased

    def heard(self, who, article_id):
        text = self.texts[self.seqs[article_id]].digest
        return Heard("甲乙"[who], f"fingerprint of {self.people[who]}", article_id, text)


@pytest.fixture
def town(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db", PAPERS)
    of = [{"paper": paper, "url": f"https://{paper}.example/1"} for paper in PAPERS]
    items = [article(n, paragraphs=[*FERRY], **more) for n, more in enumerate(of, 1)]
    recorded = record(made, *items, article(4))
    with made.write() as tx:
        yield Town(tx, recorded)
    made.close()


def test_what_a_delivery_tells_of(town):
    ids = town.match(0, town.first, town.other)
    leased = town.deliver(0, *ids)
    assert heard.of_deliveries(town.tx, [leased.id, 99]) == {
        leased.id: {
            ids[0]: town.heard(0, town.first),
            ids[1]: town.heard(0, town.other),
        }
    }
    assert {town.heard(0, each).text for each in (town.first, town.other)} != {""}
    assert town.heard(0, town.first).told == Heard("甲", town.heard(0, town.first)[1], town.first)


def test_what_is_not_told_because_a_delivery_tells_of_its_story(town):
    ids = town.match(0, town.first, town.other)
    leased = town.deliver(0, *ids)
    assert heard.reprints_of(town.tx, [leased.id]) == set()
    town.match(0, town.second, kind="reprint")
    town.match(1, town.third, kind="reprint")
    assert heard.reprints_of(town.tx, [leased.id]) == {town.heard(0, town.second)}
    assert heard.reprints_of(town.tx, []) == set()


def test_however_many_stories_a_delivery_tells_of_few_are_asked_for_at_once(town, monkeypatch):
    asked = []

    def in_parts(values, *_size):
        every = list(values)
        asked.append(every)
        return [[each] for each in every]

    ids = town.match(0, town.first, town.other)
    leased = town.deliver(0, *ids)
    town.match(0, town.second, kind="reprint")
    expected = heard.reprints_of(town.tx, [leased.id])
    monkeypatch.setattr(heard, "in_parts", in_parts)
    assert heard.reprints_of(town.tx, [leased.id]) == expected != set()
    assert [town.people[0]] in asked, "a person once, however many stories"


def test_reprints_of_what_was_sent_and_no_others(town):
    mine, theirs = town.match(0, town.first), town.match(1, town.first)
    leased = town.deliver(0, *mine)
    later = town.match(0, town.second, kind="reprint")
    theirs_later = town.match(1, town.second, kind="reprint")
    assert heard.reprints_among(town.tx, [*mine, *later]) == set(), "it is on its way"
    leases.sent(town.tx, leased, NOW)
    assert heard.reprints_among(town.tx, [*later, *theirs_later]) == {town.heard(0, town.second)}
    leases.sent(town.tx, town.deliver(1, *theirs), NOW)
    assert heard.reprints_among(town.tx, theirs_later) == {town.heard(1, town.second)}
    assert heard.reprints_among(town.tx, []) == set()


def test_also_reprints_of_what_was_not_sent_because_it_was_told_before(town):
    leased = town.deliver(0, *town.match(0, town.first))
    later = town.match(0, town.second, kind="reprint")
    leases.cancel(town.tx, leased, heard.TOLD_BEFORE)
    assert heard.reprints_among(town.tx, later) == {town.heard(0, town.second)}
