"""Feeds as files, by the commands."""

from __future__ import annotations

import json

import pytest

from newscrawl import settings
from newscrawl.alerts.matcher import Matcher
from newscrawl.catalogue.connection import Catalogue
from newscrawl.cli import app
from newscrawl.errors import NewscrawlError
from tests.makers import article, indexed, record


@pytest.fixture
def home(tmp_path):
    home, catalogue = indexed(tmp_path / "home", [article(1)])
    catalogue.close()
    return home


@pytest.fixture
def run(home, monkeypatch, capsys):
    monkeypatch.setattr(settings, "home", lambda: home)
    monkeypatch.delenv("NEWSCRAWL_SECRET_KEY", raising=False)

    def run(*words):
        capsys.readouterr()
        status = app()(list(words), standalone_mode=False)
        said = capsys.readouterr()
        return status or 0, said.out, said.err

    return run


def test_feeds_are_written_and_told_where_they_are(run, tmp_path, monkeypatch):
    run("subscribe", "渡口", "--name", "渡口")
    status, out, err = run("subscriptions", "feed", "渡口")
    assert (status, err) == (0, "`newscrawl feeds DIRECTORY` writes these files\n")
    folder = tmp_path / "www"
    assert run("feeds", str(folder)) == (0, "1 feeds: 2 files written, 0 removed\n", "")
    assert sorted(out.splitlines()) == sorted(each.name for each in folder.iterdir())
    monkeypatch.setattr(settings, "FEEDS", str(folder))
    assert json.loads(run("feeds", "--json")[1]) == {"feeds": 1, "written": 0, "removed": 0}
    files = run("subscriptions", "feed", "渡口")[1].splitlines()
    assert sorted(files) == sorted(str(each) for each in folder.iterdir())
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://news.example")
    urls = run("subscriptions", "feed", "渡口")[1].splitlines()[::2]
    assert urls == [f"https://news.example/feed/{each}" for each in out.splitlines()]


def test_where_there_is_the_feed_only_it_is_told_how_it_is_read(run, tmp_path, monkeypatch):
    how = (
        "its feed only\n  its feed is read where NEWSCRAWL_PUBLIC_URL is set and `newscrawl serve` "
        "runs, or as a file: `newscrawl feeds DIRECTORY` writes it, "
        "`newscrawl subscriptions feed {}` tells its name\n"
    )
    assert run("subscribe", "渡口", "--name", "一")[1].endswith(how.format("一"))
    whose = ("--name", "二", "--person", "林")
    assert run("subscribe", "渡口", *whose)[1].endswith(how.format("二 --person 林"))
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://news.example")
    monkeypatch.setattr(settings, "FEEDS", str(tmp_path / "www"))
    said = run("subscribe", "渡口", "--name", "三")[1]
    places = run("subscriptions", "feed", "三")[1]
    assert "https://news.example/feed/" in places
    assert str(tmp_path / "www") in places
    assert said.endswith("its feed only\n" + "".join(f"  {one}\n" for one in places.splitlines()))
    to = ("--to", "json://hooks.example/a")
    assert "/feed/" not in run("subscribe", "渡口", "--name", "四", *to)[1]
    said = run("subscriptions", "edit", "四", "--to", "none")[1]
    assert said.endswith(
        "".join(f"  {one}\n" for one in run("subscriptions", "feed", "四")[1].splitlines())
    )


def test_an_address_of_pages_that_is_none_is_said_before_anything_is_done(run, monkeypatch):
    monkeypatch.setattr(settings, "PUBLIC_URL", "news.example/x")
    with pytest.raises(NewscrawlError, match="NEWSCRAWL_PUBLIC_URL"):
        run("subscribe", "渡口", "--name", "渡口")
    assert run("subscriptions", "list", "--json")[1] == "[]\n"


def test_without_a_directory_it_says_how_to_name_one(run):
    with pytest.raises(NewscrawlError, match="give the DIRECTORY for the feeds"):
        run("feeds")


@pytest.mark.parametrize("within", ["", "feeds"])
def test_a_file_in_place_of_the_directory_is_said_and_stays(run, tmp_path, within):
    run("subscribe", "渡口", "--name", "渡口")
    file = tmp_path / "www"
    file.write_text("mine")
    with pytest.raises(NewscrawlError) as refused:
        run("feeds", str(file / within))
    said = f"{file / within}: a file is in the way; feeds are written into a directory"
    assert (str(refused.value), refused.value.status) == (said, 1)
    assert file.read_text() == "mine"


def test_whoever_sends_keeps_the_directory_up_to_date(run, home, tmp_path, monkeypatch):
    run("subscribe", "渡口", "--name", "渡口")
    folder = tmp_path / "www"
    run("deliver")
    assert not folder.exists()
    monkeypatch.setattr(settings, "FEEDS", str(folder))
    run("deliver")
    assert [json.loads(each.read_bytes())["items"] for each in folder.glob("*.json")] == [[]]
    catalogue = Catalogue.open(home.catalogue)
    record(catalogue, article(2))
    Matcher(catalogue, str).step()
    catalogue.close()
    assert run("deliver")[1] == "0 sent, 0 put off, 0 dead\n"
    [data] = [json.loads(each.read_bytes()) for each in folder.glob("*.json")]
    assert [each["title"] for each in data["items"]] == ["第2号渡口恢复通航"]


def test_feeds_follow_what_is_changed_by_a_command(run, home, tmp_path, monkeypatch):
    folder = tmp_path / "www"
    monkeypatch.setattr(settings, "FEEDS", str(folder))
    run("subscribe", "渡口", "--name", "渡口")

    def titles():
        return [json.loads(each.read_bytes())["title"] for each in folder.glob("*.json")]

    assert titles() == ["渡口"]
    run("subscriptions", "edit", "渡口", "--name", "码头")
    assert titles() == ["码头"]
    run("subscriptions", "pause", "码头")
    assert titles() == ["码头"]
    run("subscriptions", "resume", "码头")
    assert titles() == ["码头"]
    run("subscriptions", "remove", "码头")
    assert [*folder.iterdir()] == []


def test_a_change_holds_where_the_feeds_cannot_be_written(run, tmp_path, monkeypatch):
    run("subscribe", "渡口", "--name", "渡口")
    folder = tmp_path / "www"
    folder.write_text("a file")
    monkeypatch.setattr(settings, "FEEDS", str(folder))
    status, out, err = run("subscriptions", "remove", "渡口")
    assert (status, out) == (0, "渡口: removed\n")
    assert err.startswith(f"the feeds are not up to date: {folder}: a file is in the way")
    assert run("subscriptions", "list")[1] == ""
