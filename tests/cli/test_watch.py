"""`newscrawl watch` as a person calls it; what it does on a site is tested in tests/crawl."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import typer

from newscrawl import settings
from newscrawl.catalogue.arrivals import Arrival
from newscrawl.cli import watch as module
from newscrawl.cli.watch import watch
from newscrawl.errors import UsageError
from newscrawl.home import Home
from newscrawl.ops.place import AlreadyRunning, watch_lock
from newscrawl.ops.watched import News
from newscrawl.ops.watching import Watch
from tests.homes import small_home
from tests.makers import PAPER, TITLE

NOON = datetime(2023, 12, 15, 4, tzinfo=UTC)


@pytest.fixture
def home(tmp_path, monkeypatch):
    made = small_home(tmp_path / "家")
    monkeypatch.setattr(settings, "home", lambda: made)
    return made


@pytest.fixture
def made(monkeypatch):
    """The watches that are begun; none of them polls."""
    begun = []

    async def nothing(self, *_):
        begun.append(self)
        return True

    monkeypatch.setattr(Watch, "once", nothing)
    monkeypatch.setattr(Watch, "run", nothing)
    return begun


@pytest.mark.parametrize(
    ("papers", "options", "said"),
    [
        (["no_such_paper"], {}, "no_such_paper: no such paper"),
        ([PAPER], {"every": "59"}, "--every 59: must be a number from 60 to 900"),
        ([PAPER], {"every": "a"}, "--every a"),
        ([PAPER], {"every": "5", "show": True}, "--every 5: must be a number from 60 to 900"),
        ([PAPER], {"given": ["site=nowhere"]}, "-a site=nowhere"),
        ([PAPER], {"given": ["date=2023-12-15"]}, "-a date: "),
        ([PAPER], {"given": ["site"]}, "-a site="),
    ],
)
def test_a_call_that_cannot_be_meant_is_refused_before_anything_is_made(
    home, made, papers, options, said
):
    before = sorted(home.root.rglob("*"))
    with pytest.raises(UsageError) as refused:
        watch(papers, **options)
    assert str(refused.value).startswith(said)
    assert sorted(home.root.rglob("*")) == before
    assert made == []


@pytest.mark.parametrize("allowed", ["127.0.0.1:8095", "localhost:80"])
def test_a_site_of_ones_own_may_be_read_more_often_than_once_a_minute(
    home, made, monkeypatch, allowed
):
    monkeypatch.setattr(settings, "ALLOW_PRIVATE", allowed)
    watch([PAPER], every="1", given=[f"site=http://{allowed.removesuffix(':80')}"])
    assert len(made) == 1


@pytest.mark.parametrize("given", [[], ["site=http://127.0.0.1:8096"], ["site=http://e.example"]])
def test_a_paper_is_read_once_a_minute_at_most_whatever_else_may_be_fetched(
    home, made, monkeypatch, given
):
    monkeypatch.setattr(settings, "ALLOW_PRIVATE", "127.0.0.1:8095")
    with pytest.raises(UsageError, match="--every 59: must be a number from 60 to 900"):
        watch([PAPER], every="59", given=given)
    assert made == []


def test_without_papers_those_that_were_crawled_are_watched(home, made):
    watch([], once=True)
    [begun] = made
    assert [each.paper for each in begun._papers] == [PAPER]


def test_where_nothing_was_crawled_they_have_to_be_named(tmp_path, monkeypatch, made):
    monkeypatch.setattr(settings, "home", lambda: Home(tmp_path))
    with pytest.raises(Exception, match="nothing collected yet"):
        watch([])
    watch([PAPER], once=True)
    assert len(made) == 1


def test_once_that_did_not_go_well_is_status_1(home, monkeypatch):
    async def ill(self):
        return False

    monkeypatch.setattr(Watch, "once", ill)
    with pytest.raises(typer.Exit) as ended:
        watch([PAPER], once=True)
    assert ended.value.exit_code == 1


def test_g1_a_second_watch_of_a_home_ends_with_status_0(home, made):
    with watch_lock(home), pytest.raises(AlreadyRunning) as refused:
        watch([PAPER])
    assert refused.value.status == 0
    assert made == []


def test_show_names_hours_next_poll_and_last_result(home, capsys):
    watch([], show=True)
    assert capsys.readouterr().out == (
        f"{TITLE}  {PAPER}\n"
        "  usual hours: 04:00–09:00 (no history yet)\n"
        "  next poll: not watched\n"
        "  last result: 2023-12-15 08:45:10 complete\n"
    )
    (home.run / "watch.json").write_text(f'{{"{PAPER}": "{NOON.isoformat()}"}}')
    with watch_lock(home):
        watch([], show=True)
        assert "  next poll: 2023-12-15 12:00:00\n" in capsys.readouterr().out
        watch([], show=True, as_json=True)
    row = json.loads(capsys.readouterr().out)
    assert (row["paper"], row["hours"], row["result"]) == (PAPER, ["04:00–09:00"], "complete")
    assert row["next"] == NOON.isoformat()


def news(**values):
    return News(NOON, PAPER, TITLE, **values)


def came(*versions):
    return tuple(
        Arrival(seq, f"{PAPER}/x/{seq}", n, f"第{seq}号渡口") for seq, n in enumerate(versions, 1)
    )


def test_a_headline_that_is_broken_into_lines_is_told_on_one(capsys):
    [one] = came(1)
    module._tell(news(came=(replace(one, headline="渡口通航\n首班今晨"),)), as_json=False)
    [line] = capsys.readouterr().out.splitlines()
    assert line.endswith("1 new: 渡口通航 首班今晨")


def test_what_came_is_a_line_with_the_first_headlines(capsys):
    module._tell(news(came=came(1, 1, 2, 1, 1)), as_json=False)
    assert capsys.readouterr().out == (
        f"2023-12-15 12:00:00  {TITLE}  4 new: 第1号渡口 · 第2号渡口 · 第4号渡口 …; "
        "1 edited: 第3号渡口\n"
    )


def test_a_failure_is_a_line_on_stderr_and_its_end_one_on_stdout(capsys):
    module._tell(news(failure="failed: HTTP 500"), as_json=False)
    module._tell(news(recovered=True), as_json=False)
    said = capsys.readouterr()
    assert said.err == f"2023-12-15 12:00:00  {TITLE}  failed: HTTP 500\n"
    assert said.out == f"2023-12-15 12:00:00  {TITLE}  all is well again\n"


def test_for_programs_everything_is_a_line_of_json(capsys):
    module._tell(news(came=came(1), failure="incomplete"), as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["failure"] == "incomplete"
    assert told["came"] == [{"id": f"{PAPER}/x/1", "version": 1, "headline": "第1号渡口"}]
