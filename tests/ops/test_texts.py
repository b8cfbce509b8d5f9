"""A text that is not the one that was recorded is named, by `verify --id` and by the doctor."""

from __future__ import annotations

from contextlib import closing

import pytest

from newscrawl.catalogue.connection import Catalogue
from newscrawl.ops import doctor, verification
from newscrawl.ops.verdict import Remedy
from tests.homes import small_home
from tests.makers import DAY, PAPER, ruin
from tests.ops.test_verification import execute

ID = f"{PAPER}/{DAY}/A01/2"


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "家", articles=3)


def by_record(home):
    """What `verify --id` says of every version."""
    with closing(Catalogue.open(home.catalogue)) as held:
        with held.read() as view:
            records = view.exec_driver_sql("SELECT record_id FROM versions").scalars().all()
        return verification.verify_records(home, held, records).faults


def by_doctor(home):
    return [each for each in doctor.examine(home) if each.where == ID]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("body = '伪造的正文'", "its text is not the one that was recorded"),
        ("headline = '伪造'", "its text is not the one that was recorded"),
        ("first_seen = '2019-01-01T00:00:00.000000+00:00'", "is said to be of 2019-01-01"),
    ],
)
def test_f15_a_text_that_was_changed_is_named(home, change, what):
    assert (by_record(home), by_doctor(home)) == ([], [])
    execute(home, f"UPDATE versions SET {change} WHERE seq = 2")
    [fault], [finding] = by_record(home), by_doctor(home)
    assert what in fault.what
    assert what in finding.what
    assert fault.what.startswith(ID)
    assert (fault.remedy, finding.remedy) == (Remedy.RESTORE_CATALOGUE,) * 2


def test_a_version_that_cannot_be_read_stops_nothing(home):
    with closing(Catalogue.open(home.catalogue)) as held:
        ruin(held, "no JSON", 2)
    assert [each.what for each in by_record(home)] == [f"{ID}: version 1 cannot be read"]
