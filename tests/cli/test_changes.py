"""`newscrawl changes`: edits and withdrawals, newest first, and what is not known."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from newscrawl import settings
from newscrawl.catalogue import editions, rereadings, sightings, snapshots
from newscrawl.catalogue.sightings import Missed
from newscrawl.cli.changes import changes
from newscrawl.errors import UsageError
from newscrawl.home import Home
from tests.makers import DAY, NOW, PAPER, TITLE, article, capture, catalogue, record

SINCE = "2023-12-16"
EDITED, GONE = f"{PAPER}/{DAY}/A01/1", f"{PAPER}/{DAY}/A01/2"
METRO = "metro_express"
UNREAD = "未复查，有无改动不得而知：3 期（2023-12-11至2023-12-12、2023-12-14）"


def at(hour):
    return f"2023-12-16T{hour:02}:00:00.000000+00:00"


def again(hour, number, /, **changes):
    record_id = f"<urn:uuid:{hour:08d}-0000-4000-8000-{number:012d}>"
    return article(number, snapshot_time=at(hour), record_id=record_id, **changes)


@pytest.fixture
def held(tmp_path, monkeypatch):
    home = Home(tmp_path)
    monkeypatch.setattr(settings, "home", lambda: home)
    made = catalogue(home.catalogue, {PAPER: TITLE, METRO: "都市快报"})
    record(made, article(1), article(2))
    text = [article(1).paragraphs[0].replace("恢复通航", "停航"), article(1).paragraphs[1]]
    record(made, again(1, 1, paragraphs=text))
    with made.write() as tx:
        for hour in (2, 3):
            sought = again(hour, 2)
            snapshots.add_all(tx, [capture(sought) | {"status": 404}])
            missed = Missed(GONE, at(hour), "HTTP 404", sought.record_id, sought.url)
            sightings.gone(tx, missed, 10.0)
        for day in ("2023-12-11", "2023-12-12", "2023-12-14", DAY):
            edition = editions.open_edition(tx, PAPER, day, "https://example.com/", NOW)
            editions.close_edition(tx, edition, "complete", NOW, captured=True)
        rereadings.note(tx, edition, at(3))
    yield made
    made.close()


def said(capsys, *, since=SINCE, limit=100, **options):
    changes(since=since, limit=limit, **options)
    return capsys.readouterr().out


def test_changes_are_listed_newest_first_with_what_is_not_known(held, capsys):
    assert said(capsys).splitlines() == [
        f"2023-12-16 11:00:00  撤下  {len(article(2).body)}字  第2号渡口恢复通航  {GONE}",
        "  HTTP 404，首次没有找到是 2023-12-16 10:00:00",
        f"2023-12-16 09:00:00  改动  4字  第1号渡口恢复通航  {EDITED}",
        f"杭州日报  2023-12-16 以来复查过的期：2023-12-15；{UNREAD}",
    ]


def test_what_was_not_found_once_is_no_withdrawal_yet_and_is_said(held, capsys):
    with held.write() as tx:
        sought = again(4, 1)
        snapshots.add_all(tx, [capture(sought) | {"status": 404}])
        missed = Missed(EDITED, at(4), "HTTP 404", sought.record_id, sought.url)
        sightings.gone(tx, missed, 10.0)
    assert f"没有找到，再有一次才算撤下  {article(1).headline}  {EDITED}" in said(capsys)
    data = json.loads(said(capsys, as_json=True))
    assert [each["id"] for each in data["perhaps_gone"]] == [EDITED]
    assert EDITED not in [each["id"] for each in data["changes"] if each["kind"] == "gone"]
    assert EDITED not in said(capsys, kind=["moved"])
    with held.write() as tx:
        sightings.gone(tx, replace(missed, seen_at=at(5)), 10.0)
    data = json.loads(said(capsys, as_json=True))
    assert data["perhaps_gone"] == []
    assert data["changes"][0]["id"] == EDITED


def test_kinds_and_papers_narrow_the_list(held, capsys):
    assert "撤下" not in said(capsys, kind=["edited", "moved"])
    assert "改动" in said(capsys, paper=["杭州日报"], kind=["edited"]).splitlines()[0]
    assert said(capsys, paper=[METRO]).splitlines() == [
        "2023-12-16 以来没有见到改动、移版、撤下或恢复",
        "没有已收全的期",
    ]
    assert "没有见到" in said(capsys, since="2023-12-17")
    assert "只列出最新的 1 条" in said(capsys, limit=1)


def test_a_program_gets_all_of_it(held, capsys):
    data = json.loads(said(capsys, as_json=True))
    gone, edited = data["changes"]
    assert (gone["kind"], gone["seen"], gone["confirmed"]) == ("gone", at(2), at(3))
    assert (edited["kind"], edited["id"], edited["characters"]) == ("edited", EDITED, 4)
    assert edited["record_id"] == again(1, 1).record_id
    (covered,) = data["coverage"]
    assert (covered["read"], len(covered["unread"])) == ([DAY], 3)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"since": "gestern"}, "--since gestern"),
        ({"kind": ["deleted"]}, "--kind deleted: must be one of edited, moved, gone, back"),
        ({"paper": ["nothing"]}, "--paper nothing"),
    ],
)
def test_a_wrong_call_is_one_line(held, options, words):
    with pytest.raises(UsageError) as refusal:
        changes(**{"since": SINCE, "limit": 100, **options})
    assert words in str(refusal.value)


def test_what_is_back_tells_why_it_was_taken_for_gone(held, capsys):
    record(held, again(5, 2))
    lines = said(capsys, kind=["back"]).splitlines()
    assert lines[:2] == [
        f"2023-12-16 13:00:00  恢复  第2号渡口恢复通航  {GONE}",
        "  此前：HTTP 404",
    ]


def test_an_article_that_cannot_be_read_keeps_no_other_from_being_listed(held, capsys):
    with closing(sqlite3.connect(held.path)) as damaged, damaged:
        damaged.execute("UPDATE versions SET fields = '{' WHERE seq = 3")
    first, _reason, edited, *_more = said(capsys).splitlines()
    assert "第2号渡口恢复通航" in first
    assert edited == f"2023-12-16 09:00:00  改动  （目录中读不出，见 newscrawl doctor）  {EDITED}"
