"""A key that lacks is named while it can be brought back, and so is a note or a seal without it."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.alerts.directory import secrets_of
from newscrawl.archive import removals
from newscrawl.catalogue.connection import Catalogue
from newscrawl.ops import erasing, keys, sealed
from newscrawl.ops.doctor import examine
from newscrawl.ops.sealing import seal
from newscrawl.ops.takedown import Order, take_down
from tests.crawls import Newsroom
from tests.homes import small_home
from tests.makers import PAPER
from tests.people import person, subscription

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
ORDER = Order("erase", "asked", "privacy", "desk", legal_hold=True)


@pytest.fixture
def home(tmp_path):
    """A home with a sealed day of which two articles are erased, and are kept for a court."""
    made = small_home(tmp_path / "home")
    seal(made, datetime.now(UTC) + timedelta(days=2))
    with closing(Catalogue.open(made.catalogue)) as held:
        for number in (2, 3):
            wanted = f"{PAPER}/2023-12-15/A01/{number}"
            taken = take_down(made, held, ORDER, NOW, wanted=wanted, prefix=False)
            erasing.erase(made, held, taken.tombstone)
    return made


def found(home):
    with closing(Catalogue.open(home.catalogue)) as held:
        return [(each.where, each.what) for each in keys.examine(home, held)]


def test_with_its_keys_a_home_is_sound(home):
    assert found(home) == []
    assert examine(home) == []


def test_a_lost_key_of_removals_is_named_with_how_many_notes_need_it(home):
    key = home.root / removals.KEY
    key.unlink()
    [(where, what)] = found(home)
    assert where == str(key)
    assert what == "missing: what was erased is noted, and signed with it, 2 times"
    said = Newsroom(home.root).run("newscrawl", "doctor")
    assert said.returncode == 1
    assert "--with-secrets" in said.stdout


@pytest.mark.parametrize("content", [b"", bytes(64), b"0123"])
def test_a_damaged_key_of_removals_stops_no_look_at_the_rest(home, content):
    key = home.root / removals.KEY
    key.write_bytes(content)
    home.logs.chmod(0o777)
    findings = [each for each in examine(home) if each.part != "manifests"]
    assert [(each.part, each.where) for each in findings] == [
        ("home", str(home.logs)),
        ("keys", str(key)),
    ]


def test_notes_that_another_key_has_signed_are_counted(home):
    (home.root / removals.KEY).write_text("ab" * 32)
    [(where, what)] = found(home)
    assert where == str(home.root / removals.NOTES)
    assert what == "2 of 2 notes are not signed with removals.key, or unreadable"


def test_a_note_that_a_disk_has_damaged_is_counted_and_the_others_are_believed(home):
    path = home.root / removals.NOTES
    first, second, end = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([bytes(len(first)), second, end]))
    [(_where, what)] = found(home)
    assert what.startswith("1 of 2 notes")
    assert len(removals.removed(home.root)) == len(next(iter(removals.notes(home.root))).records)


def test_notes_that_are_gone_are_missed(home):
    (home.root / removals.NOTES).unlink()
    [(where, what)] = found(home)
    assert where == str(home.root / removals.NOTES)
    assert "no note is left" in what


def test_what_is_kept_for_a_court_and_cannot_be_opened_is_named(home):
    one, other = sealed.files(home)
    one.write_bytes(one.read_bytes()[:-40])
    assert [where for where, _what in found(home)] == [str(one)]
    home.secret_key.unlink()
    assert [where for where, _what in found(home)] == [str(one), str(other)]


@pytest.mark.parametrize("content", [b"", bytes(64), b"x" * 64])
def test_a_key_that_opens_no_address_is_named(tmp_path, content):
    home = small_home(tmp_path / "home")
    with closing(Catalogue.open(home.catalogue)) as held, held.write() as tx:
        secrets = secrets_of(tx, home, "")
        subscription(tx, person(tx), "渡口")
        tx.exec_driver_sql("UPDATE subscriptions SET feed = ?", (secrets.seal("x"),))
    assert found(home) == []
    home.secret_key.write_bytes(content)
    assert [where for where, _what in found(home)] == [str(home.secret_key)]


def test_what_one_lost_key_makes_of_many_lines_is_said_once(home):
    (home.root / removals.KEY).unlink()
    newsroom = Newsroom(home.root)
    done = newsroom.run("newscrawl", "verify").stdout
    faults = json.loads(newsroom.run("newscrawl", "verify", "--json").stdout)["faults"]
    lines = [each["line"] for each in faults if "no signed note does" in each["what"]]
    assert len(lines) == 4  # two articles, and the requests for them
    assert done.count("no signed note does") == 1
    assert f", 4 lines ({', '.join(map(str, lines))}): says that a record was erased" in done
    said = newsroom.run("newscrawl", "doctor").stdout
    assert said.count("no signed note does") == 1
    assert said.count(str(home.root / removals.KEY)) == 1
