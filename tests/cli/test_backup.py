"""`newscrawl backup` and `newscrawl restore`: what they print, and their exit statuses."""

from __future__ import annotations

import json

import pytest

from newscrawl.archive.layout import archive_files
from newscrawl.home import Home
from tests.crawls import Newsroom
from tests.homes import small_home

TAKEDOWN = ("takedown", "--reason", "asked")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return small_home(tmp_path_factory.mktemp("backed") / "家")


def newscrawl(home, *words):
    return Newsroom(home.root).run("newscrawl", *map(str, words))


def test_from_a_backup_to_a_home_that_is_searched(home, tmp_path):
    vault, target = tmp_path / "备份", Home(tmp_path / "恢复")
    home.secret_key.write_text("k" * 64)
    done = newscrawl(home, "backup", vault)
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.splitlines()
    assert first.startswith(f"{vault}: 000001-")
    assert "2 files, 2 copied now" in first
    assert second.startswith("not in it: secret.key")
    data = json.loads(newscrawl(home, "backup", vault, "--with-secrets", "--json").stdout)
    assert (data["files"], data["copied"], data["problems"], data["left_out"]) == (3, 2, [], [])
    checked = newscrawl(home, "backup", vault, "--check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.endswith(": sound\n")

    put_back = newscrawl(home, "restore", vault, "--home", target.root)
    assert put_back.returncode == 0, put_back.stderr
    assert put_back.stdout.endswith("3 files, 3 put back: sound\n")
    assert put_back.stderr.startswith("next: `newscrawl reindex`")
    assert newscrawl(target, "reindex").returncode == 0
    assert newscrawl(target, "search", "渡口").returncode == 0
    assert newscrawl(target, "doctor").returncode == 0


def test_what_is_damaged_is_named_with_status_1(home, tmp_path):
    vault = tmp_path / "备份"
    newscrawl(home, "backup", vault)
    [copy] = vault.glob("snapshots/*/*/*")
    copy.write_bytes(b"x")
    checked = newscrawl(home, "backup", vault, "--check")
    assert checked.returncode == 1
    assert checked.stdout.startswith(f"! {copy}: is not what was written; part of 000001-")
    data = json.loads(newscrawl(home, "backup", vault, "--check", "--json").stdout)
    assert len(data["problems"]) == 1
    refused = newscrawl(home, "restore", vault, "--home", tmp_path / "恢复")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert len(refused.stderr.splitlines()) == 1
    again = newscrawl(home, "backup", vault)
    assert again.returncode == 0
    assert again.stdout.startswith("copied anew, for it was damaged: snapshots/")
    assert copy.read_bytes() == archive_files(home.snapshots)[0].read_bytes()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["backup", "{home}/备份"], 2, "must lie apart"),
        (["backup", "{place}/备份", "--keep", "0"], 2, "--keep 0"),
        (["backup", "{place}/none", "--check"], 1, "no backup of newscrawl"),
        (["restore", "{place}/none"], 1, "no backup of newscrawl"),
    ],
)
def test_a_wrong_call_is_one_line(home, tmp_path, words, status, said):
    given = [word.format(home=home.root, place=tmp_path) for word in words]
    done = newscrawl(home, *given)
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_home_that_holds_something_is_refused_with_what_it_holds(home, tmp_path):
    newscrawl(home, "backup", tmp_path / "备份")
    done = newscrawl(home, "restore", tmp_path / "备份")
    assert (done.returncode, done.stdout) == (2, "")
    assert "holds newscrawl.db, 1 archive files" in done.stderr
    forced = newscrawl(home, "restore", tmp_path / "备份", "--force", "--json")
    assert forced.returncode == 0
    assert json.loads(forced.stdout)["replaced"] == ["newscrawl.db"]


def test_a_home_without_the_keys_that_it_needs_is_not_called_sound_alone(tmp_path):
    home, vault = small_home(tmp_path / "家"), tmp_path / "备份"
    erased = newscrawl(
        home, *TAKEDOWN, "hangzhou_daily/2023-12-15/A01/2", "--scope", "erase", "--legal-hold"
    )
    assert erased.returncode == 0, erased.stderr
    newscrawl(home, "backup", vault)
    target = tmp_path / "恢复"
    done = newscrawl(home, "restore", vault, "--home", target)
    keys = "removals.key, secret.key"
    assert (done.returncode, done.stdout.endswith(f": sound, but without its keys: {keys}\n")) == (
        0,
        True,
    )
    removals, secret = done.stderr.splitlines()[-2:]
    assert removals.startswith(f"! removals.key is missing: put it into {target} before anything")
    assert "takes for lost what was erased" in removals
    assert secret.startswith(f"! secret.key is missing: put it into {target} before anything")
    assert "legal hold" in secret
