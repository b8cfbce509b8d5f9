"""`newscrawl schedule` against a `crontab` program of our own."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newscrawl.ops import crontab
from newscrawl.ops.crontab import Installation
from tests.crawls import demo

PROJECT = Path(__file__).parents[2]
CRONTAB = r"""#!/bin/sh
held="$(dirname "$0")/held"
case "$1" in
-l) cat "$held" 2>/dev/null || { echo "no crontab for somebody" >&2; exit 1; } ;;
-) cat >"$held" ;;
esac
"""
REFUSING = "#!/bin/sh\necho 'You are not allowed\nto use this program' >&2\nexit 1\n"
FOREIGN = b"# mine \xff\xfe\r\nMAILTO=me\n\n5 5 * * *\tbackup 100\\%\x0c\n"


@pytest.fixture
def programs(tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    write(folder, CRONTAB)
    return folder


def write(folder, text):
    (folder / "crontab").write_text(text)
    (folder / "crontab").chmod(0o755)


def schedule(programs, *words, **changes):
    environment = os.environ | {
        "NEWSCRAWL_HOME": str(programs.parent / "家"),
        "PATH": f"{programs}:/usr/bin:/bin",
        "TZ": "UTC0",
    }
    return subprocess.run(
        [sys.executable, "-c", "from newscrawl.cli import main; main()", "schedule", *words],
        env=environment | changes,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_every_paper_is_scheduled_unless_some_are_chosen(programs):
    everything, one = schedule(programs), schedule(programs, "metro_express")
    assert everything.returncode == one.returncode == 0, everything.stderr
    for paper in ("hangzhou_daily", "metro_express", "hangzhou_commerce"):
        assert f"crawl {paper} " in everything.stdout
    assert "hangzhou" not in one.stdout.replace(str(PROJECT), "")
    assert str(Path(sys.executable).with_name("scrapy")) in one.stdout
    assert not (programs / "held").exists()


def test_the_times_follow_the_hosts_zone(programs):
    utc = schedule(programs, "metro_express")
    kolkata = schedule(programs, "metro_express", TZ="IST-5:30")
    assert "UTC, UTC+0000" in utc.stdout
    assert "IST, UTC+0530" in kolkata.stdout
    assert utc.stdout.split(" * * * ")[0] != kolkata.stdout.split(" * * * ")[0]


def test_install_replace_and_remove_leave_foreign_lines_byte_for_byte(programs):
    held = programs / "held"
    held.write_bytes(FOREIGN)
    assert schedule(programs, "--install").returncode == 0
    assert held.read_bytes().startswith(FOREIGN)
    assert held.read_bytes().count(b"scrapy crawl ") == 12
    held.write_bytes(held.read_bytes() + b"1 1 * * * later\n")
    assert schedule(programs, "metro_express", "--install").returncode == 0
    assert held.read_bytes().count(b"scrapy crawl ") == 4
    assert held.read_bytes().endswith(b"\n1 1 * * * later\n")
    assert schedule(programs, "--remove").returncode == 0
    assert held.read_bytes() == FOREIGN + b"1 1 * * * later\n"


def test_past_editions_are_read_again_as_the_setting_says(programs):
    assert " -a recheck=7 " in schedule(programs, "metro_express").stdout
    none = schedule(programs, "metro_express", NEWSCRAWL_RECHECK_DAYS="0")
    assert "-a recheck=" not in none.stdout
    wrong = schedule(programs, NEWSCRAWL_RECHECK_DAYS="400")
    assert wrong.returncode == 2
    assert wrong.stderr == "NEWSCRAWL_RECHECK_DAYS=400: 0 for none, or up to 366\n"


def test_install_into_no_crontab(programs):
    printed, installed = schedule(programs), schedule(programs, "--install")
    assert installed.returncode == 0, installed.stderr
    assert (programs / "held").read_text() == printed.stdout


def test_a_crontab_that_refuses_is_one_line(programs):
    write(programs, REFUSING)
    done = schedule(programs, "--install")
    assert done.returncode == 1
    assert done.stderr == "crontab: You are not allowed to use this program\n"


def test_no_crontab_program_is_one_line(programs):
    (programs / "crontab").unlink()
    done = schedule(programs, "--install", PATH=str(programs))
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "install cron" in line


@pytest.mark.parametrize("words", [["no_such_paper"], ["--install", "--remove"]])
def test_a_call_that_cannot_be_meant_is_one_line_and_status_2(programs, words):
    done = schedule(programs, *words)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_g7_cron_reads_a_paper_with_nothing_but_its_line(tmp_path):
    """The real `scrapy crawl`, from `/`, in an empty environment, in an awkward home."""
    home = tmp_path / "新 家 100%"
    with demo(home) as (newsroom, _site, server):
        programs = tmp_path / "bin"
        programs.mkdir()
        real = Path(sys.executable).with_name("scrapy")
        (programs / "scrapy").write_text(f'#!/bin/sh\nexec "{real}" "$@" -a site={server.url}\n')
        (programs / "scrapy").chmod(0o755)
        place = Installation(PROJECT, programs / "scrapy", home, 120)
        line = crontab.block(place, ["hangzhou_daily"], UTC, datetime.now(UTC)).splitlines()[-2]
        command = line.split(" ", 5)[5].replace("\\%", "%")
        allowed = f"NEWSCRAWL_ALLOW_PRIVATE={newsroom.environment['NEWSCRAWL_ALLOW_PRIVATE']}"
        done = subprocess.run(
            ["env", "-i", allowed, "/bin/sh", "-c", command],
            cwd="/",
            capture_output=True,
            check=False,
            timeout=120,
        )
    yesterday = (datetime.now(UTC) + timedelta(hours=8) - timedelta(days=1)).date()
    log = (home / "logs" / "cron.log").read_text()
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert log == f"杭州日报 {yesterday}  no edition\n"
