"""`newscrawl verify` and `seal` as a person and a program use them; runs seal by themselves."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from newscrawl.archive import manifests as kept
from newscrawl.archive.layout import archive_files
from newscrawl.text.dates import today
from tests.crawls import Newsroom, demo
from tests.homes import small_home
from tests.ops.test_sealing import NOW, more

ARTICLE = "hangzhou_daily/2023-12-15/A01/2"
DAY = (today(NOW) - timedelta(days=3)).isoformat()
BROUGHT = {"id": "1", "date": "2023-12-15", "title": "渡口今晨通航", "text": "停航两天的渡口通航。"}


@pytest.fixture
def home(tmp_path):
    """Two files, of which the first is sealed."""
    home = small_home(tmp_path / "家", articles=2)
    more(home, days_ago=3)
    done = Newsroom(home.root).run("newscrawl", "seal")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"sealed 1 day, 3 records: {DAY}\n"
    return home


def verify(home, *options):
    return Newsroom(home.root).run("newscrawl", "verify", *options)


def test_what_is_sound_is_said_in_a_line(home):
    done = verify(home)
    counted = "8 records in 2 files, 1 manifest, 5 records not sealed yet"
    assert (done.returncode, done.stdout) == (0, f"{home.root}: sound: {counted}\n")
    assert done.stderr == ""
    assert verify(home, "--all").stdout == done.stdout
    assert Newsroom(home.root).run("newscrawl", "seal").stdout == (
        "sealed 0 days, 0 records: no day that is over was left\n"
    )


def test_what_was_changed_is_named_with_what_to_do(home):
    path = archive_files(home.snapshots)[0]
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"x")
    done, data = verify(home), json.loads(verify(home, "--json").stdout)
    assert done.returncode == 1
    [fault] = data["faults"]
    assert fault["record_id"].startswith("<urn:uuid:")
    named = f"{path} at byte {fault['offset']}, record {fault['record_id']}: "
    assert done.stdout.startswith(f"{named}the bytes are not those that were sealed\n→ restore")
    assert (data["sound"], data["records"], fault["where"]) == (False, 8, str(path))
    assert verify(home, "--day", DAY).returncode == 1


def test_an_article_is_verified_alone(home):
    sealed, unsealed = archive_files(home.snapshots)
    sealed.write_bytes(sealed.read_bytes()[:-1] + b"x")
    done = verify(home, "--id", ARTICLE)
    assert done.returncode == 0, done.stdout
    unsealed.write_bytes(unsealed.read_bytes()[:-1] + b"x")
    assert verify(home, "--id", ARTICLE).returncode == 1


def test_an_article_is_verified_with_every_capture_of_it(home):
    again = more(home, 2, days_ago=2)
    assert verify(home, "--id", ARTICLE).returncode == 0
    again.write_bytes(again.read_bytes()[:-1] + b"x")
    done = verify(home, "--id", ARTICLE)
    assert done.returncode == 1
    assert str(again) in done.stdout


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (("--day", "2023-12-32"), 2),
        (("--day", "2023-12-14"), 2),
        (("--day", DAY, "--all"), 2),
        (("--id", "hangzhou_daily/nothing"), 1),
    ],
)
def test_what_cannot_be_verified_is_said_in_a_line(home, options, status):
    done = verify(home, *options)
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.count("\n") == 1


def test_what_is_left_out_is_named_with_status_1(home):
    bad = more(home, 9, days_ago=2)
    bad.write_bytes(bad.read_bytes()[:-1])
    done = Newsroom(home.root).run("newscrawl", "seal")
    assert done.returncode == 1
    assert done.stderr.startswith(f"not sealed: {bad} at byte ")
    assert kept.days(home.manifests) == [DAY]


def test_an_import_seals_what_is_over(home, tmp_path):
    more(home, 9, days_ago=2)
    (tmp_path / "one.jsonl").write_text(json.dumps(BROUGHT))
    done = Newsroom(home.root).run(
        "newscrawl", "import", str(tmp_path / "one.jsonl"), "--paper", "evening"
    )
    assert (done.returncode, done.stderr) == (0, "")
    second = (date.fromisoformat(DAY) + timedelta(days=1)).isoformat()
    assert kept.days(home.manifests) == [DAY, second]


@pytest.mark.slow
def test_a_crawl_seals_what_is_over_and_says_what_it_left(home):
    more(home, 9, days_ago=2)
    bad = more(home, 10, days_ago=1)
    bad.write_bytes(bad.read_bytes()[:-1])
    with demo(home.root) as (newsroom, _site, server):
        done = newsroom.crawl(server.url)
    assert done.returncode == 0, "what is not sealed fails no run"
    assert done.stderr.startswith(f"not sealed: {bad} at byte ")
    assert len(kept.days(home.manifests)) == 2
    assert verify(home, "--day", kept.days(home.manifests)[1]).returncode == 0


def test_a_day_without_a_manifest_is_told_why(home):
    for day, why in (
        ("2001-01-01", "nothing was captured that day"),
        (today(datetime.now(UTC)).isoformat(), "it is sealed when it is over"),
    ):
        done = verify(home, "--day", day)
        assert done.returncode == 2
        assert f": {why}. It is the day of the capture" in done.stderr
