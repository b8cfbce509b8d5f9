"""`newscrawl latency` for people and for programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl import settings
from newscrawl.catalogue import index_marks, leases, matches, outbox
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.outbox import Wanted
from newscrawl.cli.latency import latency
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.text.dates import iso
from tests.makers import DAY, PAPER, article, catalogue, record
from tests.people import address, match, person, subscription

EXPRESS = "metro_express"
TITLE = "杭州日报[早]"
"""Not to be read as markup."""


@pytest.fixture
def home(tmp_path, monkeypatch):
    made = Home(tmp_path)
    catalogue(made.catalogue, {PAPER: TITLE, EXPRESS: "都市快报"}).close()
    monkeypatch.setattr(settings, "home", lambda: made)
    monkeypatch.setenv("COLUMNS", "100")
    return made


@pytest.fixture
def told(home):
    """Two papers' articles, told at once by ntfy an hour ago and in a digest by e-mail."""
    made = Catalogue.open(home.catalogue)
    record(made, article(1), article(2, paper=EXPRESS))
    start = datetime.now(UTC) - timedelta(hours=1)
    with made.write() as tx:
        index_marks.note(tx, 0, 2, start + timedelta(seconds=2))
        me = person(tx)
        mine = subscription(tx, me)
        times = {
            "published": DAY,
            "first_seen": iso(start),
            "recorded": iso(start + timedelta(seconds=0.25)),
        }
        times["matched"] = iso(start + timedelta(seconds=1.5))
        ids = f"{PAPER}/{DAY}/A01/1", f"{EXPRESS}/{DAY}/A01/2"
        added = matches.add(
            tx, [match(mine, each, seq, **times) for seq, each in enumerate(ids, 1)]
        )
        send(tx, mine, address(tx, me, "p"), added, start, due=1.5, sent=2)
        mail = address(tx, me, "m", kind="email")
        send(tx, mine, mail, added[:1], start, due=1800, sent=1812.3)
    made.close()


def send(tx, subscription, to, added, start, *, due, sent):
    due, sent = (iso(start + timedelta(seconds=each)) for each in (due, sent))
    key = f"key {to}"
    wanted = [Wanted(subscription, to, each.id, key, due, joins=True) for each in added]
    outbox.put(tx, wanted, added[0].matched)
    (leased,) = leases.take(tx, sent, iso(start + timedelta(hours=2)), 9)
    leases.sent(tx, leased, sent)


def test_a_person_sees_a_line_for_each_stage(told, capsys):
    latency()
    lines = capsys.readouterr().out.splitlines()
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if "│" in line]
    assert rows[:6] == [
        [TITLE, "seen → recorded", "0.25", "0.25", "2"],
        ["", "recorded → indexed", "1.75", "1.75", "2"],
        ["", "recorded → matched", "1.25", "1.25", "2"],
        ["", "matched → sent", "0.50", "12.3", "2"],
        ["", "seen → sent, all", "2.00", "13.8", "2"],
        ["都市快报", "seen → recorded", "0.25", "0.25", "1"],
    ]
    assert ["email", "seen → recorded", "0.25", "0.25", "1"] in rows
    assert lines[-2:] == [
        "last 7 days: articles sent 3, in digests or after quiet hours 1",
        "published: of 3 only the day is known",
    ]


def test_a_person_sees_each_paper_at_each_channel_when_asked(told, capsys):
    latency(by=["pair"])
    lines = capsys.readouterr().out.splitlines()
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in lines if "│" in line]
    assert [row[:3] for row in rows if row[0]] == [
        [TITLE, "email", "seen → recorded"],
        [TITLE, "ntfy", "seen → recorded"],
        ["都市快报", "ntfy", "seen → recorded"],
    ]
    assert ["", "", "matched → sent", "12.3", "12.3", "1"] in rows


def test_a_program_gets_what_it_asks_for_and_nothing_else(told, capsys):
    latency(by=["pair", "channel", "pair"], as_json=True)
    data = json.loads(capsys.readouterr().out)
    assert list(data) == ["days", "since", "pairs", "channels"]
    assert [
        (each["paper"], each["title"], each["channel"], each["sent"]) for each in data["pairs"]
    ] == [
        (PAPER, TITLE, "email", 1),
        (PAPER, TITLE, "ntfy", 1),
        (EXPRESS, "都市快报", "ntfy", 1),
    ]
    assert data["pairs"][0]["day_only"] == 1
    with pytest.raises(UsageError, match="--by sort: must be one of paper, channel, pair"):
        latency(by=["sort"])


def test_a_program_gets_seconds(told, capsys):
    latency(as_json=True)
    data = json.loads(capsys.readouterr().out)
    assert data["days"] == 7
    assert [(each["paper"], each["title"], each["sent"]) for each in data["papers"]] == [
        (PAPER, TITLE, 2),
        (EXPRESS, "都市快报", 1),
    ]
    email, ntfy = data["channels"]
    assert (email["channel"], email["digests"], ntfy["channel"], ntfy["sent"]) == (
        "email",
        1,
        "ntfy",
        2,
    )
    assert email["stages"]["matched_sent"] == {"p50": 12.3, "p95": 12.3, "count": 1}


@pytest.mark.parametrize("called", [EXPRESS, "都市快报"])
def test_of_one_paper(told, capsys, called):
    latency(paper=[called], as_json=True)
    data = json.loads(capsys.readouterr().out)
    assert [each["paper"] for each in data["papers"]] == [EXPRESS]
    assert [each["channel"] for each in data["channels"]] == ["ntfy"]
    with pytest.raises(UsageError, match="--paper 晚报"):
        latency(paper=["晚报"])


def test_where_nothing_was_sent_it_says_so(home, capsys):
    latency(days=1)
    assert capsys.readouterr().out == "last day: nothing was sent\n"
    latency(as_json=True)
    data = json.loads(capsys.readouterr().out)
    assert (data["papers"], data["channels"]) == ([], [])
