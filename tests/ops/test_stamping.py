"""The newest head is stamped by somebody else, once, and what is no stamp of it is not kept."""

from __future__ import annotations

import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl import settings
from newscrawl.addresses import AllowedPrivate
from newscrawl.archive import manifests as kept
from newscrawl.catalogue.connection import Catalogue
from newscrawl.errors import UsageError
from newscrawl.ops import chained, stamping
from newscrawl.ops.proving import prove
from newscrawl.ops.sealing import seal
from newscrawl.ops.stamps import NotStamped, Stamper, fault
from newscrawl.ops.verdict import Remedy
from tests.homes import small_home
from tests.ops.authority import Authority, promise, serving
from tests.ops.test_proving import check, record_of, tools
from tests.ops.test_sealing import TODAY, TOMORROW, more
from tests.ops.test_verification import verify

HEAD = "ab" * 32
NOBODY = AllowedPrivate()
__all__ = ["check", "tools"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ts") / "one")


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ts") / "two")


@pytest.fixture
def tsa(authority):
    with serving(authority.answer) as server:
        yield server


@pytest.fixture
def calendar():
    with serving(promise) as server:
        yield server


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "家", articles=2)


@pytest.fixture
def by(monkeypatch):
    """Have the settings say who stamps."""

    def say(text, *servers, roots=""):
        monkeypatch.setattr(settings, "STAMP", text)
        monkeypatch.setattr(settings, "STAMP_CA", str(roots))
        pairs = ",".join(server.pair for server in servers)
        monkeypatch.setattr(settings, "ALERTS_ALLOW_PRIVATE", pairs)

    return say


def asked(text, *servers, roots=""):
    stamper = Stamper.parse(text, str(roots))
    return stamper.stamp(HEAD, AllowedPrivate.parse(",".join(each.pair for each in servers)))


def newest(home):
    with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.read() as view:
        return chained.newest(view)


def test_an_authority_stamps_a_head_and_openssl_agrees(tsa, authority, tmp_path):
    stamp = asked(f"rfc3161:{tsa.url}/tsa", tsa, roots=authority.root)
    assert (stamp.kind, fault(stamp, HEAD)) == ("tsr", None)
    [(path, headers)] = tsa.asked
    assert (path, headers["content-type"]) == ("/tsa", "application/timestamp-query")
    (tmp_path / "head").write_text(f"{HEAD}\n")
    (tmp_path / "tsr").write_bytes(stamp.content)
    words = ["-data", tmp_path / "head", "-in", tmp_path / "tsr", "-CAfile", authority.root]
    done = subprocess.run(["openssl", "ts", "-verify", *words], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_another_authority_has_signed_is_refused(tsa, other):
    with pytest.raises(NotStamped, match="does not lead to NEWSCRAWL_STAMP_CA"):
        asked(f"rfc3161:{tsa.url}", tsa, roots=other.root)
    assert asked(f"rfc3161:{tsa.url}", tsa).kind == "tsr"


def test_a_replayed_answer_is_refused(tsa, authority):
    first = asked(f"rfc3161:{tsa.url}", tsa)
    tsa.answer = lambda _query: first.content
    with pytest.raises(NotStamped, match="its nonce is not ours"):
        asked(f"rfc3161:{tsa.url}", tsa)
    assert fault(first, "cd" * 32) == "the answer stamps something else"


@pytest.mark.parametrize(
    ("answer", "status", "what"),
    [
        (b"", 200, "none of RFC 3161"),
        (b"<html>", 200, "none of RFC 3161"),
        (b"0\x05\x30\x03\x02\x01\x02", 200, "refused it, with status 2"),
        (b"x", 503, "http://127.0.0.1/…: answered 503"),
        (b"x" * 100_000, 200, "the answer is too long"),
    ],
)
def test_an_answer_that_is_none_is_refused(tsa, answer, status, what):
    tsa.answer, tsa.status = lambda _query: answer, status
    with pytest.raises(NotStamped, match=what):
        asked(f"rfc3161:{tsa.url}", tsa)


def test_calendars_promise_to_stamp_and_one_is_enough(calendar):
    with serving(lambda _digest: b"\xff") as broken:
        text = f"opentimestamps:{broken.url},{calendar.url}/"
        stamp = asked(text, calendar, broken)
        assert (stamp.kind, fault(stamp, HEAD)) == ("ots", None)
        assert fault(stamp, "cd" * 32) == "it stamps something else"
        assert [path for path, _headers in calendar.asked] == ["/digest"]
        with pytest.raises(NotStamped, match="none of OpenTimestamps"):
            asked(f"opentimestamps:{broken.url}", broken)


def test_the_promises_of_two_calendars_are_kept(calendar):
    with serving(lambda digest: promise(digest, "https://other.example")) as second:
        stamp = asked(f"opentimestamps:{calendar.url},{second.url}", calendar, second)
    assert b"https://calendar.example" in stamp.content
    assert b"https://other.example" in stamp.content


@pytest.mark.parametrize("scheme", ["rfc3161", "opentimestamps"])
def test_a_private_address_is_asked_only_where_it_is_allowed(tsa, scheme):
    with pytest.raises(NotStamped, match=r"a private address; list 127\.0\.0\.1:[0-9]+ in"):
        asked(f"{scheme}:{tsa.url}")
    assert tsa.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "rfc3161",
        "rfc3161:",
        "tsa:https://a.example",
        "rfc3161:ftp://a",
        "rfc3161:http://a,http://b",
    ],
)
def test_a_setting_that_cannot_be_read_is_refused(text):
    with pytest.raises(UsageError):
        Stamper.parse(text)


def test_a_file_without_certificates_is_refused(tmp_path):
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(UsageError, match="no PEM certificates"):
        Stamper.parse("rfc3161:https://a.example", str(tmp_path / "empty.pem"))
    with pytest.raises(UsageError, match="No such file"):
        Stamper.parse("rfc3161:https://a.example", str(tmp_path / "none.pem"))


def test_a_sealing_has_its_head_stamped_once(home, by, tsa, authority):
    by(f"rfc3161:{tsa.url}", tsa, roots=authority.root)
    assert seal(home, TOMORROW).troubles == []
    sealed = newest(home)
    [path] = kept.stamps(home.manifests, TODAY)
    assert path.name == f"{TODAY}.tsr"
    assert sealed.stamped_at
    seal(home, TOMORROW)
    assert len(tsa.asked) == 1
    assert verify(home).sound


def test_a_proof_goes_to_the_first_stamped_head_and_openssl_checks_it(
    home, by, tsa, authority, other, check
):
    more(home, days_ago=3)
    more(home, 8, days_ago=2)
    seal(home, TOMORROW)  # three days, and nobody to stamp them
    more(home, 9)
    by(f"rfc3161:{tsa.url}", tsa, roots=authority.root)
    for days in (2, 3):
        seal(home, TOMORROW + timedelta(days=days))
        more(home, 9 + days)
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        made = prove(home, catalogue, record_of(home, 1))
    assert made.stamp
    assert len(made.later) == 1
    assert check(made.text, authority.root).returncode == 0
    assert check(made.text, other.root).returncode != 0
    other_head = made.text.replace(f"newest {made.newest}", f"newest {HEAD}")
    assert check(other_head, authority.root).returncode != 0


def test_a_stamp_that_fails_is_tried_again_and_counted(home, by, tsa, monkeypatch):
    by(f"rfc3161:{tsa.url}", tsa)
    tsa.status = 503
    report = seal(home, TOMORROW)
    assert report.days == [TODAY]
    [trouble] = report.troubles
    assert trouble == f"the head of {TODAY} is not stamped: http://127.0.0.1/…: answered 503"
    assert seal(home, TOMORROW).unstamped
    assert (newest(home).stamp_tries, newest(home).stamped_at) == (2, None)
    assert "answered 503" in newest(home).stamp_error
    seal(home, TOMORROW, patient=True)
    assert newest(home).stamp_tries == 2
    tsa.status = 200
    monkeypatch.setattr(stamping, "PAUSE", timedelta(0))
    assert seal(home, TOMORROW, patient=True).unstamped is None
    assert newest(home).stamped_at
    assert newest(home).stamp_error is None


def test_a_setting_that_cannot_be_read_seals_all_the_same(home, by):
    by("nobody")
    report = seal(home, TOMORROW)
    assert (report.days, len(report.troubles)) == ([TODAY], 1)


def test_f15_a_stamp_that_was_changed_is_named(home, by, calendar):
    by(f"opentimestamps:{calendar.url}", calendar)
    seal(home, TOMORROW)
    [path] = kept.stamps(home.manifests, TODAY)
    content = path.read_bytes()
    for place in (0, len(content) // 2, len(content) - 1):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        [found] = verify(home).faults
        assert (found.what, found.remedy) == (
            "the stamp of its head is not the one that was kept",
            Remedy.RESTORE_STAMP,
        )
    path.unlink()
    [found] = verify(home).faults
    assert found.what == "the stamp of its head is missing"
    path.mkdir()  # what cannot be read
    [found] = verify(home).faults
    assert found.remedy is Remedy.RESTORE_STAMP


def test_the_time_of_a_stamp_is_written_down(home, by, calendar):
    by(f"opentimestamps:{calendar.url}", calendar)
    before = datetime.now(UTC)
    seal(home, TOMORROW)
    assert before <= datetime.fromisoformat(newest(home).stamped_at) <= datetime.now(UTC)
