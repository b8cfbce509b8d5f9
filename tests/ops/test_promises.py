"""What a calendar has promised is asked for until it stands in a block, and kept."""

from __future__ import annotations

import re
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from newscrawl import settings
from newscrawl.archive import manifests as kept
from newscrawl.archive.errors import ArchiveError
from newscrawl.catalogue import manifests
from newscrawl.catalogue.connection import Catalogue
from newscrawl.ops import calendars, promises
from newscrawl.ops.proving import prove
from newscrawl.ops.sealing import seal
from newscrawl.ops.stamps import stamped_line
from newscrawl.ops.standing import LONG_DAYS, seal_health
from newscrawl.text.dates import today
from tests.homes import small_home
from tests.ops.authority import in_block, promise, serving
from tests.ops.test_proving import check, record_of, tools
from tests.ops.test_sealing import TODAY, TOMORROW, more
from tests.ops.test_stamping import by, newest
from tests.ops.test_verification import verify

__all__ = ["by", "check", "tools"]
BLOCK = 123_456


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "家", articles=2)


@pytest.fixture
def calendar(by):
    """One that promises, and wants to be asked itself; the settings name it."""
    with serving(lambda digest: promise(digest, server.url)) as server:
        by(f"opentimestamps:{server.url}", server)
        yield server


def keep(server, home, content=None):
    """Have a calendar tell of the block, or whatever it answers, for the newest head."""
    commitment = sha256(sha256(stamped_line(newest(home).head)).digest() + b"a nonce").digest()
    path = f"/timestamp/{commitment.hex()}"
    server.told[path] = in_block(commitment, BLOCK) if content is None else content
    return path


def stamp_file(home):
    [path] = kept.stamps(home.manifests, TODAY)
    return path


def blocks(home):
    message = stamped_line(newest(home).head)
    return calendars._blocks(calendars.read(stamp_file(home).read_bytes(), message).timestamp)


def test_a_promise_that_is_kept_later_is_asked_for_and_written_down(home, calendar, check):
    report = seal(home, TOMORROW)
    assert (report.promises.open, report.troubles) == ([TODAY], [])
    assert newest(home).promised
    before = stamp_file(home).read_bytes()
    path = keep(calendar, home)
    report = seal(home, TOMORROW)
    assert (report.promises.proven, report.promises.open) == ([TODAY], [])
    assert calendar.asked[-1][0] == path
    assert blocks(home) == (BLOCK,)
    assert len(stamp_file(home).read_bytes()) > len(before)
    assert calendar.url.encode() in stamp_file(home).read_bytes(), "the promise stays"
    assert not newest(home).promised
    assert verify(home).sound
    asked = len(calendar.asked)
    seal(home, TOMORROW)
    assert len(calendar.asked) == asked, "nobody is asked any more"
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        made = prove(home, catalogue, record_of(home, 1))
    assert made.stamp.content == stamp_file(home).read_bytes()
    assert check(made.text).returncode == 0
    (home.root / "proof.txt").write_text(made.text)
    said = (Path(__file__).parents[2] / "docs" / "proof.md").read_text(encoding="utf-8")
    *lines, last = re.search(r"```sh\n(sed -n 's/\^newest.*?)\n```", said, re.DOTALL)[1].split("\n")
    assert last == "ots verify head.ots"
    subprocess.run(["sh", "-c", "\n".join(lines)], cwd=home.root, check=True)
    content, head = (home.root / "head.ots").read_bytes(), (home.root / "head").read_bytes()
    assert calendars.read(content, head)


def test_a_proof_goes_to_a_head_that_is_stamped_rather_than_to_a_promise(home, calendar):
    seal(home, TOMORROW)
    more(home, 9)
    calendar.answer = lambda digest: promise(digest, calendar.url)
    seal(home, TOMORROW + timedelta(days=1))
    first, second = days(home)
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        assert prove(home, catalogue, record_of(home, 1)).newest == first.head
        keep(calendar, home)
        assert seal(home, TOMORROW).promises.proven == [second.day]
        assert prove(home, catalogue, record_of(home, 1)).newest == second.head


def days(home):
    with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.read() as view:
        return manifests.every(view)


@pytest.mark.parametrize(
    ("content", "status", "what"),
    [
        (b"", 200, "none of OpenTimestamps"),
        (b"<html>", 200, "none of OpenTimestamps"),
        (b"x", 503, "answered 503"),
        (b"x" * 100_000, 200, "the answer is too long"),
    ],
)
def test_an_answer_that_is_none_leaves_the_promise_and_is_said(
    home, calendar, content, status, what
):
    seal(home, TOMORROW)
    before = stamp_file(home).read_bytes()
    keep(calendar, home, content)
    calendar.status = status
    report = seal(home, TOMORROW)
    [trouble] = report.troubles
    assert what in trouble
    assert report.promises.open == [TODAY]
    assert stamp_file(home).read_bytes() == before
    assert verify(home).sound


def test_one_calendar_that_keeps_its_promise_is_enough(home, by):
    with (
        serving(lambda digest: promise(digest, good.url)) as good,
        serving(lambda digest: promise(digest, bad.url)) as bad,
    ):
        by(f"opentimestamps:{bad.url},{good.url}", good, bad)
        seal(home, TOMORROW)
        keep(good, home)
        bad.status = 503
        keep(bad, home, b"")
        report = seal(home, TOMORROW)
    assert (report.promises.proven, report.troubles) == ([TODAY], [])


def test_a_private_address_that_a_promise_names_is_asked_only_where_it_is_allowed(
    home, calendar, by
):
    with serving(promise) as inner:
        calendar.answer = lambda digest: promise(digest, inner.url)
        seal(home, TOMORROW)
        [trouble] = seal(home, TOMORROW).troubles
        assert "a private address" in trouble
        assert inner.asked == []


def test_a_run_asks_once_an_hour(home, calendar, monkeypatch):
    seal(home, TOMORROW)
    asked = len(calendar.asked)
    assert seal(home, TOMORROW, patient=True).promises.open == [TODAY]
    assert len(calendar.asked) == asked
    monkeypatch.setattr(promises, "PAUSE", timedelta(0))
    seal(home, TOMORROW, patient=True)
    assert len(calendar.asked) == asked + 1


def test_without_the_setting_nobody_is_asked(home, calendar, monkeypatch):
    seal(home, TOMORROW)
    asked = len(calendar.asked)
    monkeypatch.setattr(settings, "STAMP", "")
    assert seal(home, TOMORROW).promises == promises.Promises()
    assert len(calendar.asked) == asked


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_kill_around_the_writing_leaves_a_stamp_that_is_known(home, calendar, monkeypatch, where):
    seal(home, TOMORROW)
    keep(calendar, home)
    write = kept.write_stamp

    def killed(*given):
        if where == "after":
            write(*given)
        raise ArchiveError("killed")

    monkeypatch.setattr(kept, "write_stamp", killed)
    assert seal(home, TOMORROW).promises.open == [TODAY]
    assert verify(home).sound
    monkeypatch.setattr(kept, "write_stamp", write)
    assert seal(home, TOMORROW).promises.proven == [TODAY]
    assert (verify(home).sound, newest(home).stamp_next) == (True, None)


def test_a_promise_that_nobody_keeps_is_told_of(home, calendar):
    seal(home, TOMORROW)

    def troubles(days):
        with closing(Catalogue.open(home.catalogue)) as catalogue:
            health = seal_health(home, catalogue, today(datetime.now(UTC)) + timedelta(days=days))
        return [what for what, where, _remedy in health.troubles() if where == TODAY]

    assert troubles(LONG_DAYS) == []
    assert troubles(LONG_DAYS + 1) == [
        f"its stamp is a calendar's promise still, after more than {LONG_DAYS} days"
    ]
