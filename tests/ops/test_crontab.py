"""Crontab lines: their times in every zone, and their work in cron's empty environment."""

from __future__ import annotations

import subprocess
import time as clock
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.ops import crontab
from newscrawl.ops.crontab import (
    DAY_AFTER,
    RECHECK,
    SAME_DAY,
    SPREAD_MINUTES,
    CrontabError,
    Installation,
)
from newscrawl.text.dates import SHANGHAI, today

PAPER = "hangzhou_daily"
NOW = datetime(2026, 1, 15, 4, 0, tzinfo=UTC)
NEW_YORK, KOLKATA = "EST5EDT,M3.2.0,M11.1.0", "IST-5:30"
SCRAPY = """#!/bin/sh
{ pwd; echo "$@"; env; } >"$NEWSCRAWL_HOME/seen"
echo 杭州日报
echo trouble >&2
exit 7
"""
HUNG = """#!/bin/sh
trap '' TERM
sleep 60 & echo $! >"$NEWSCRAWL_HOME/child"
while :; do wait; done
"""


def installation(folder=Path("/srv/news"), deadline=10800, scrapy=Path("/venv/bin/scrapy")):
    return Installation(folder, scrapy, folder, deadline)


def lines(zone=UTC, now=NOW, papers=(PAPER,), **places):
    written = crontab.block(installation(**places), papers, zone, now)
    return [line for line in written.splitlines() if not line.startswith("#")]


def times(written):
    """The times of day at which cron starts something."""
    found = set()
    for line in written:
        minute, hours, *rest, _command = line.split(" ", 5)
        assert rest == ["*", "*", "*"]
        found |= {time(int(hour), int(minute)) for hour in hours.split(",")}
    return found


def command(line):
    """What cron hands to the shell: its own loop over the text behind the five fields."""
    text, escaped = "", False
    for character in line.split(" ", 5)[5]:
        if character == "%" and not escaped:
            return text
        text = text[:-1] + "%" if character == "%" else text + character
        escaped = not escaped and character == "\\"
    return text


def as_cron(line):
    return subprocess.run(
        ["env", "-i", "/bin/sh", "-c", command(line)],
        cwd="/",
        capture_output=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def host_zone(monkeypatch):
    """Sets the zone of this process, as a host has it; without zone tables."""

    def change(zone):
        monkeypatch.setenv("TZ", zone)
        clock.tzset()

    yield change
    monkeypatch.undo()
    clock.tzset()


@pytest.mark.parametrize("zone", ["UTC0", "CST-8", KOLKATA, NEW_YORK, "<+1245>-12:45"])
@pytest.mark.parametrize("now", [NOW, datetime(2026, 7, 15, 4, 0, tzinfo=UTC)])
def test_the_times_are_meant_in_shanghai_and_written_in_the_hosts_zone(host_zone, zone, now):
    host_zone(zone)
    day = now.astimezone().date()
    written = times(lines(None, now))
    meant = {datetime.combine(day, each).astimezone(SHANGHAI).time() for each in written}
    late = {each.hour * 60 + each.minute for each in meant}
    wished = [each.hour * 60 + each.minute for each in (*SAME_DAY, *DAY_AFTER)]
    [spread] = {min(late) - min(wished)}
    assert 0 <= spread < SPREAD_MINUTES
    assert late == {each + spread for each in wished}


def test_a_half_hour_zone_shifts_the_minutes():
    plain, half = times(lines(UTC)), times(lines(timezone(timedelta(hours=5, minutes=30))))
    assert {each.minute for each in half} == {(each.minute + 30) % 60 for each in plain}


def test_summer_time_is_said(host_zone):
    host_zone(NEW_YORK)
    written = crontab.block(installation(), [PAPER], None, NOW)
    assert "EST, UTC-0500" in written
    assert "2026-03-08" in written
    host_zone("CST-8")
    assert "summer" not in crontab.block(installation(), [PAPER], None, NOW)


def test_papers_start_apart_and_always_at_the_same_minute():
    papers = ("hangzhou_daily", "metro_express", "hangzhou_commerce")
    starts = [times(lines(papers=[paper])) for paper in papers]
    assert not starts[0] & starts[1]
    assert not starts[0] & starts[2]
    assert not starts[1] & starts[2]
    assert times(lines(papers=papers)) == starts[0] | starts[1] | starts[2]


@pytest.fixture
def place(tmp_path):
    """A project and home in awkward folders, with a `scrapy` that tells what it was given."""
    project, home, programs = tmp_path / "报 纸", tmp_path / "新 家 100%", tmp_path / "venv"
    for folder in (project, home, programs):
        folder.mkdir()
    scrapy = programs / "scrapy"
    scrapy.write_text(SCRAPY)
    scrapy.chmod(0o755)
    return Installation(project, scrapy, home, 60)


def test_g7_a_line_works_in_an_empty_environment_from_anywhere(place):
    first, *_rest = crontab.block(place, [PAPER], UTC, NOW).splitlines()[5:-1]
    done = as_cron(first)
    where, given_words, *environment = (place.home / "seen").read_text().splitlines()
    assert (where, given_words) == (str(place.project), f"crawl {PAPER}")
    assert f"NEWSCRAWL_HOME={place.home}" in environment
    assert "LANG=C.UTF-8" in environment
    assert any(each.startswith(f"PATH={place.scrapy.parent}:") for each in environment)
    assert (done.returncode, done.stdout, done.stderr) == (7, b"", b"")
    assert (place.home / "logs" / "cron.log").read_text() == "杭州日报\ntrouble\n"
    as_cron(first)
    assert (place.home / "logs" / "cron.log").read_text() == "杭州日报\ntrouble\n" * 2


def test_g7_the_next_days_line_asks_for_yesterday_in_shanghai(place):
    line = crontab.block(place, [PAPER], UTC, NOW).splitlines()[-2]
    assert r"+\%F" in line
    before = today(datetime.now(UTC))
    assert as_cron(line).returncode == 7
    after = today(datetime.now(UTC))
    word = (place.home / "seen").read_text().splitlines()[1].rpartition("date=")[2]
    assert date.fromisoformat(word) + timedelta(days=1) in {before, after}


def test_g3_a_hung_run_is_ended_with_what_it_started(place, monkeypatch):
    monkeypatch.setattr(crontab, "OVERTIME_SECONDS", 0)
    monkeypatch.setattr(crontab, "KILL_SECONDS", 1)
    place.scrapy.write_text(HUNG)
    hung = Installation(place.project, place.scrapy, place.home, 1)
    began = clock.monotonic()
    done = as_cron(crontab.block(hung, [PAPER], UTC, NOW).splitlines()[5])
    assert done.returncode == 137
    assert clock.monotonic() - began < 20
    child = Path("/proc") / (place.home / "child").read_text().strip() / "cmdline"
    while child.exists() and child.read_bytes():
        assert clock.monotonic() - began < 20
        clock.sleep(0.05)


def test_settings_of_the_environment_reach_the_runs():
    ours = replace(installation(), given=(("NEWSCRAWL_CONTACT", "mailto:a b@x.example"),))
    written = crontab.block(ours, [PAPER], UTC, NOW).splitlines()
    line = next(each for each in written if not each.startswith("#"))
    exported = command(line).split(" && ")[1] + ' && printf %s "$NEWSCRAWL_CONTACT"'
    done = subprocess.run(["/bin/sh", "-c", exported], capture_output=True, check=True)
    assert done.stdout == b"mailto:a b@x.example"


def test_no_deadline_means_none():
    assert "timeout --kill-after=60 0 " in lines(deadline=0)[0]


@given(st.text(alphabet="\\%'\"$` 家a#!&", min_size=1, max_size=12))
def test_every_folder_reaches_the_shell_as_it_is(name):
    line = lines(folder=Path("/") / name)[0]
    echoed = command(line).partition(" && export ")[0].replace("cd ", "printf %s ", 1)
    done = subprocess.run(["/bin/sh", "-c", echoed], capture_output=True, check=True)
    assert done.stdout.decode() == str(Path("/") / name)


@pytest.mark.parametrize("name", ["a\nb", "报" * 400])
def test_a_folder_that_no_crontab_can_hold_is_refused(name):
    with pytest.raises(CrontabError, match="plainer"):
        lines(folder=Path("/") / name)


FOREIGN = "MAILTO=me\n# newscrawl: begin /elsewhere\n1 2 * * * x\n# newscrawl: end /elsewhere\n\n"


def test_a_block_takes_the_place_of_the_earlier_one_and_of_nothing_else():
    ours = installation()
    first = crontab.block(ours, [PAPER, "metro_express"], UTC, NOW)
    second = crontab.block(ours, [PAPER], UTC, NOW)
    once = crontab.with_block(FOREIGN, ours, first) + "5 5 * * * y"
    twice = crontab.with_block(once, ours, second)
    assert twice == FOREIGN + second + "5 5 * * * y"
    assert crontab.with_block(twice, ours, second) == twice
    assert crontab.without_block(twice, ours) == FOREIGN + "5 5 * * * y"


def test_a_crontab_without_a_last_line_break_gets_one():
    ours = installation()
    written = crontab.with_block("5 5 * * * y", ours, crontab.block(ours, [PAPER], UTC, NOW))
    assert written.startswith(f"5 5 * * * y\n{ours.begin}\n")


@pytest.mark.parametrize("spoil", [0, -1])
def test_a_block_without_its_other_marker_is_left_alone(spoil):
    ours = installation()
    marked = crontab.block(ours, [PAPER], UTC, NOW).splitlines(keepends=True)
    del marked[spoil]
    with pytest.raises(CrontabError, match="crontab -e"):
        crontab.without_block("".join(marked), ours)


def test_past_editions_are_read_again_at_night_where_that_is_wanted():
    again = replace(installation(), recheck=7)
    written = crontab.block(again, [PAPER], timezone(timedelta(hours=8)), NOW)
    added = set(written.splitlines()) - set(
        crontab.block(installation(), [PAPER], timezone(timedelta(hours=8)), NOW).splitlines()
    )
    comment, line = sorted(added)
    assert "editions of the last 7 days once more" in comment
    assert f"crawl {PAPER} -a recheck=7 >>" in command(line)
    [start] = times([line])
    [wished] = RECHECK
    late = (start.hour - wished.hour) * 60 + start.minute - wished.minute
    assert 0 <= late < SPREAD_MINUTES


def test_what_papers_are_kept_for_is_seen_to_at_night_where_it_was_decided():
    assert not [line for line in lines() if "retention" in line]
    written = crontab.block(replace(installation(), retention=True), [PAPER], UTC, NOW)
    [line] = [
        each for each in written.splitlines() if each.endswith("2>&1") and "retention" in each
    ]
    assert "&& /venv/bin/newscrawl retention apply >>" in line
    [at] = times([line])
    assert time(18, 40) <= at < time(19, 0), "02:40 in Shanghai"
