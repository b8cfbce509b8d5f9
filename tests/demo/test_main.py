"""`make demo`, in a home of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from newscrawl.demo.__main__ import _empty, main
from newscrawl.errors import UsageError
from tests.crawls import PROJECT, SECONDS


def demo(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "newscrawl.demo", *arguments],
        env=os.environ | environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def test_help_is_all_that_it_gives(tmp_path, capsys):
    (tmp_path / "this-is-the-demo").touch()
    with pytest.raises(SystemExit) as ended:
        main(["--home", str(tmp_path), "--help"])
    assert ended.value.code == 0
    assert "--home FOLDER" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["this-is-the-demo"]


def test_a_folder_that_no_demo_has_made_stays_as_it_is(tmp_path):
    (tmp_path / "newscrawl.db").write_text("mine")
    with pytest.raises(UsageError, match="not made by the demo"):
        main(["--home", str(tmp_path)])
    assert (tmp_path / "newscrawl.db").read_text() == "mine"


def test_an_indexer_of_the_last_demo_that_looks_for_work_is_no_hindrance(tmp_path, monkeypatch):
    (tmp_path / "this-is-the-demo").touch()
    (tmp_path / "newscrawl.db").touch()
    remove = shutil.rmtree

    def removed_while_it_looks(path, **words):
        remove(path, **words)
        (path / "indexes").mkdir(parents=True)
        (path / "indexes" / "rebuild.asked").touch()

    monkeypatch.setattr(shutil, "rmtree", removed_while_it_looks)
    _empty(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"this-is-the-demo", "indexes"}


@pytest.mark.slow
def test_what_it_prints_at_the_end_works_as_printed(tmp_path):
    """Whatever the caller has set, and whatever the last demo has left."""
    home = tmp_path / "a home"
    home.mkdir()
    (home / "this-is-the-demo").touch()
    (home / "left").touch()
    done = demo(
        "--home", str(home), NEWSCRAWL_INDEX="nosuch:x", NEWSCRAWL_FETCH_IMAGES="x",
        NEWSCRAWL_HOME=str(tmp_path),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert not (home / "left").exists()
    assert "90/90 篇" in done.stdout
    commands = [line.strip() for line in done.stdout.splitlines() if line.startswith("  NEWSCRAWL")]
    assert len(commands) == 3
    for command in commands:
        ran = subprocess.run(
            command, shell=True, cwd=PROJECT, capture_output=True, text=True, check=False
        )
        assert (ran.returncode, ran.stderr) == (0, ""), command
        assert "杭州日报" in ran.stdout
