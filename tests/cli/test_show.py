"""`newscrawl show`: headings on one line, for a person and for a program."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from newscrawl import settings
from newscrawl.catalogue import articles, sightings, snapshots
from newscrawl.catalogue.illegible import Damaged
from newscrawl.catalogue.sightings import Missed
from newscrawl.cli.show import show
from newscrawl.errors import UsageError
from newscrawl.home import Home
from tests.makers import PAPER, article, capture, catalogue, record

FIRST = f"{PAPER}/2023-12-15/A01/1"
BROKEN = {"kicker": "引\n题", "headline": "杭州西站枢纽\n今日正式启用", "subhead": "副\n题"}


@pytest.fixture
def said(tmp_path, monkeypatch, capsys):
    home = Home(tmp_path)
    monkeypatch.setattr(settings, "home", lambda: home)
    made = catalogue(home.catalogue)
    record(made, article(1, **BROKEN))
    made.close()

    def said(**options):
        show(FIRST, **options)
        return capsys.readouterr().out

    return said


def test_a_broken_heading_is_a_line(said):
    assert said().splitlines()[1:4] == ["引 题", "杭州西站枢纽 今日正式启用", "副 题"]


def test_a_broken_heading_is_a_line_of_the_data(said):
    data = json.loads(said(as_json=True))
    assert {name: data[name] for name in BROKEN} == {
        name: text.replace("\n", " ") for name, text in BROKEN.items()
    }


SECOND = {
    "snapshot_time": "2023-12-16T00:00:00.000000+00:00",
    "record_id": "<urn:uuid:00000009-0000-4000-8000-000000000000>",
}
CITED = f"杭州西站枢纽 今日正式启用[N/OL]. 杭州日报, 2023-12-15(A01)[2023-12-15]. {article(1).url}."


def test_its_citation_stands_below_and_alone_where_it_is_asked_for(said):
    assert f"引用格式：{CITED}" in said().splitlines()
    assert said(cite=True) == CITED + "\n"
    assert json.loads(said(as_json=True))["citation"] == CITED
    with pytest.raises(UsageError):
        said(cite=True, as_json=True)


def test_every_snapshot_has_its_text_time_digest_and_citation(said, tmp_path):
    made = catalogue(Home(tmp_path).catalogue)
    later = article(1, **BROKEN, **SECOND, paragraphs=["第1号渡口停航。"])
    with made.write() as tx:
        snapshots.add_all(tx, [capture(later) | {"payload_digest": "sha256:" + "1" * 64}])
        articles.record(tx, later)
    first, second = said(n="1"), said()
    assert said(n="2") == second
    for text, digest, day in ((first, "0" * 64, "2023-12-15"), (second, "1" * 64, "2023-12-16")):
        assert f"摘要：sha256:{digest}" in text.splitlines()
        assert f"[{day}]. " in said(n="1" if text is first else "2", cite=True)
    assert "停航" not in first
    assert f"引用格式：{CITED}" in first.splitlines()
    assert "  较新的版本 2：2023-12-16 08:00:00 (sound)" in first.splitlines()
    assert json.loads(said(n="1", as_json=True))["version"] == 1
    with pytest.raises(UsageError, match="--version 3: must be a number from 1 to 2"):
        said(n="3")


def test_its_versions_and_whether_it_is_still_there_are_told(said, tmp_path):
    assert "原文现状：收录后没有复查过（2023-12-15 08:45:10）" in said().splitlines()
    made = catalogue(Home(tmp_path).catalogue)
    record(made, article(1, **BROKEN, **SECOND, paragraphs=["第1号渡口停航。"]))
    shown = said().splitlines()
    assert "原文现状：2023-12-16 08:00:00 复查时仍在" in shown
    assert "版本：2 (sound)" in shown
    assert "  较早的版本 1：2023-12-15 08:45:10 (sound)" in shown
    for hour in ("01", "02"):
        when = f"2023-12-16T{hour}:00:00.000000+00:00"
        sought = article(1, record_id=SECOND["record_id"].replace("00000009", f"000000{hour}"))
        missed = Missed(FIRST, when, "HTTP 410", sought.record_id, sought.url)
        with made.write() as tx:
            snapshots.add_all(tx, [capture(sought)])
            sightings.gone(tx, missed, 30.0)
    made.close()
    shown = said().splitlines()
    assert "原文现状：已撤下，最近一次没有找到是 2023-12-16 10:00:00" in shown
    assert "  2023-12-16 09:00:00 撤下 HTTP 410" in shown
    data = json.loads(said(as_json=True))
    assert [each["version"] for each in data["versions"]] == [1, 2]
    assert data["original"]["state"] == "gone"
    assert [each["state"] for each in data["sightings"]] == ["edited", "gone"]


@pytest.mark.parametrize("damage", ["UPDATE versions SET fields = '{'", "DELETE FROM snapshots"])
def test_what_is_damaged_is_said_with_what_helps(said, tmp_path, damage):
    with closing(sqlite3.connect(Home(tmp_path).catalogue)) as damaged, damaged:
        damaged.execute(damage)
    with pytest.raises(Damaged, match=f"{FIRST}: .*newscrawl doctor"):
        said()
