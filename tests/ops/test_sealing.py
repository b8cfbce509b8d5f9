"""Days that are over are sealed, once, whole, and whatever a kill left is taken up."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256

import pytest

from newscrawl.archive import manifests as kept
from newscrawl.archive.layout import FILE, archive_files, unfinished
from newscrawl.archive.manifest import Before
from newscrawl.archive.manifest_lines import FileLine
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue import manifests, snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.snapshots import Place
from newscrawl.ops import chained, sealing
from newscrawl.ops.place import AlreadyRunning, paper_lock, seal_lock
from newscrawl.ops.proving import prove
from newscrawl.ops.sealing import NotChained, seal
from newscrawl.ops.verification import verify
from newscrawl.text.dates import iso, today
from tests.archive.samples import run_child, snapshot
from tests.homes import archive, small_home
from tests.makers import DAY, PAPER, article

NOW = datetime.now(UTC)
TOMORROW = NOW + timedelta(days=1)
TODAY = today(NOW).isoformat()


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "家")


def more(home, number=7, *, days_ago=0, rows=True, **changes):
    """Another file, by its name of some days ago."""
    before = set(archive_files(home.snapshots))
    kept_now = archive(home, [article(number, **changes)])
    [file] = set(archive_files(home.snapshots)) - before
    begun = datetime.now(UTC) - timedelta(days=days_ago)
    named = file.rename(file.with_name(f"{begun:%Y%m%dT%H%M%S%fZ}-{file.name.partition('-')[2]}"))
    path = str(named.relative_to(home.snapshots))
    assert FILE.fullmatch(path)
    if rows:
        [(page, record)] = kept_now
        row = snapshots.row(Place(PAPER, DAY, "article"), page, record) | {"path": path}
        with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.write() as tx:
            snapshots.add_all(tx, [row])
    return named


def sound(home, day):
    return kept.sound(home.manifests, day).manifest


def known(home):
    with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.read() as view:
        return manifests.every(view), {each.path: each.day for each in manifests.files(view)}


def test_the_present_day_is_not_sealed(home):
    assert seal(home, NOW) == sealing.Sealing()
    assert kept.days(home.manifests) == []


def test_a_day_that_is_over_is_sealed_once(home):
    report = seal(home, TOMORROW)
    assert (report.days, report.left, report.records) == ([TODAY], [], 11)
    manifest = sound(home, TODAY)
    [file] = archive_files(home.snapshots)
    path = str(file.relative_to(home.snapshots))
    assert manifest.before is None
    [section] = manifest.sections()
    assert section.file == FileLine(
        path, file.stat().st_size, sha256(file.read_bytes()).hexdigest()
    )
    assert [line.type for line in section.lines()[:3]] == ["warcinfo", "response", "request"]
    assert sum(line.length for line in section.lines()) == section.file.length
    [day], files = known(home)
    assert (day.day, day.root, day.head) == (TODAY, manifest.root, manifest.head)
    assert files == {path: TODAY}
    content = kept.place(home.manifests, TODAY).read_bytes()
    assert seal(home, TOMORROW).days == []
    assert kept.place(home.manifests, TODAY).read_bytes() == content


def test_days_that_nobody_sealed_get_a_manifest_each_and_are_chained(home):
    old, older = more(home, days_ago=3), more(home, 8, days_ago=9)
    report = seal(home, TOMORROW)
    days = [today(NOW - timedelta(days=ago)).isoformat() for ago in (9, 3, 0)]
    assert report.days == days == kept.days(home.manifests)
    first, second, third = (sound(home, day) for day in days)
    assert second.before == Before(days[0], first.head)
    assert third.before == Before(days[1], second.head)
    assert [len(each.rows) for each in (first, second, third)] == [4, 4, 12]
    assert [next(each.sections()).file.path for each in (first, second)] == [
        str(each.relative_to(home.snapshots)) for each in (older, old)
    ]


def test_a_file_belongs_to_the_day_of_its_newest_capture(home):
    after = NOW - timedelta(days=1)
    more(home, days_ago=3, snapshot_time=iso(after))
    assert seal(home, NOW).days == [today(after).isoformat()]


def test_what_comes_to_light_late_lies_in_the_next_manifest(home):
    seal(home, TOMORROW)
    late = more(home, days_ago=5)
    assert seal(home, TOMORROW).days == []
    report = seal(home, TOMORROW + timedelta(days=1))
    assert report.days == [today(TOMORROW).isoformat()]
    manifest = sound(home, report.days[0])
    assert next(manifest.sections()).file.path == str(late.relative_to(home.snapshots))


def test_a_file_that_is_being_written_is_not_sealed(home):
    open_one = more(home)
    open_one.rename(unfinished(open_one))
    seal(home, TOMORROW)
    assert len(known(home)[1]) == 1


def test_what_is_damaged_is_named_and_not_sealed(home):
    bad = more(home)
    content = bytearray(bad.read_bytes())
    content[-20] ^= 1
    bad.write_bytes(content)
    report = seal(home, TOMORROW)
    [left] = report.left
    assert (left.path, report.days) == (bad, [TODAY])
    assert "no whole gzip member" in str(left)
    assert str(bad) in str(left)
    assert str(bad.relative_to(home.snapshots)) not in known(home)[1]
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        assert sealing.waiting(home, catalogue, today(NOW)) == []
        left = sealing.waiting(home, catalogue, today(TOMORROW))
    assert left == [str(bad.relative_to(home.snapshots))]


@pytest.mark.parametrize(
    ("column", "value", "what"),
    [
        ("payload_digest", "sha256:" + "0" * 64, "the catalogue has payload digest sha256:00"),
        ("offset", 3, "the catalogue has offset 3, the record "),
        ("length", 4, "the catalogue has length 4, the record "),
        ("record_id", "<urn:uuid:x>", "the catalogue has no row for it"),
    ],
)
def test_what_the_catalogue_says_otherwise_is_named(home, column, value, what):
    with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.write() as tx:
        tx.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        tx.exec_driver_sql("DELETE FROM versions")
        tx.exec_driver_sql(f'UPDATE snapshots SET "{column}" = ? WHERE id = 2', (value,))
    [left] = seal(home, TOMORROW).left
    assert what in left.what
    assert ("doctor --repair" in left.remedy) == (column == "record_id")


def test_a_run_that_goes_on_is_not_called_damaged(home):
    seal(home, TOMORROW)
    more(home, rows=False)
    after = TOMORROW + timedelta(days=1)
    with paper_lock(home, PAPER):
        assert seal(home, after).left == []
    assert len(seal(home, after).left) == 1


def test_two_do_not_seal_at_once(home):
    with seal_lock(home), pytest.raises(AlreadyRunning, match="already being sealed"):
        seal(home, TOMORROW)


def test_time_that_is_over_ends_it_between_two_days(home):
    more(home, days_ago=3)
    first = seal(home, TOMORROW, seconds=0)
    assert (len(first.days), first.whole) == (1, False)
    second = seal(home, TOMORROW, seconds=0)
    assert (second.days, second.whole) == ([TODAY], True)


KILLED = """
import os, sys
from datetime import datetime
from pathlib import Path
from newscrawl.archive import manifests as kept
from newscrawl.home import Home
from newscrawl.ops import chained, sealing

moment = sys.argv[3]
write, known = kept.write, sealing._known
def killed(*given):
    if moment == "after":
        write(*given)
    os.kill(os.getpid(), 9)
if moment == "row":
    sealing._known = lambda *given: (known(*given), os.kill(os.getpid(), 9))
else:
    kept.write = killed
sealing.seal(Home(Path(sys.argv[1])), datetime.fromisoformat(sys.argv[2]))
"""


@pytest.mark.parametrize("moment", ["before", "after", "row"])
def test_f1_a_kill_between_manifest_and_row_is_taken_up(home, tmp_path, moment):
    more(home, days_ago=3)
    child = run_child(KILLED, home.root, TOMORROW.isoformat(), moment, output=tmp_path / "out")
    assert child.wait() == -9
    assert (len(kept.days(home.manifests)), len(known(home)[0])) == {
        "before": (0, 0),
        "after": (1, 0),
        "row": (1, 1),
    }[moment]
    seal(home, TOMORROW)
    days, files = known(home)
    assert [each.day for each in days] == kept.days(home.manifests)
    assert len(days) == len(files) == 2
    for each in days:
        assert sound(home, each.day).head == each.head


def test_a_manifest_that_is_not_of_this_chain_ends_it(home):
    more(home, days_ago=3)
    seal(home, TOMORROW)
    forget(home)
    first, second = kept.days(home.manifests)
    hidden = home.root / "aside"
    shutil.move(kept.place(home.manifests, first), hidden)
    with pytest.raises(NotChained, match=r"is not the first one: .*, or move it elsewhere"):
        seal(home, TOMORROW)
    shutil.move(hidden, kept.place(home.manifests, first))
    assert seal(home, TOMORROW).days == []
    assert [each.day for each in known(home)[0]] == [first, second]


def test_a_damaged_manifest_that_nobody_knows_is_not_taken_up(home):
    seal(home, TOMORROW)
    forget(home)
    path = kept.place(home.manifests, TODAY)
    path.write_text(path.read_text().replace("response", "resource", 1))
    what = r"line 17: the root is not that of the lines; .*, or move it elsewhere"
    with pytest.raises(NotChained, match=what):
        seal(home, TOMORROW)
    path.rename(home.root / "aside")
    assert seal(home, TOMORROW).days == [TODAY]


def answered(home, begun, said, number=6):
    """A file of a run whose clock said `begun` while the sites said something else."""
    place, date = Place(PAPER, DAY, "article"), format_datetime(said, usegmt=True)
    pages = [
        replace(
            snapshot(url=f"https://example.com/{begun:%j}/{n}.html"),
            captured_at=begun,
            headers=((b"Date", date.encode()),),
        )
        for n in range(number)
    ]
    before = set(archive_files(home.snapshots))
    with ArchiveWriter(home.snapshots) as writer:
        records = [writer.write(place.folder, page).result() for page in pages]
    [file] = set(archive_files(home.snapshots)) - before
    named = file.rename(file.with_name(f"{begun:%Y%m%dT%H%M%S%fZ}-{file.name.partition('-')[2]}"))
    path = str(named.relative_to(home.snapshots))
    rows = [
        snapshots.row(place, page, record) | {"path": path}
        for page, record in zip(pages, records, strict=True)
    ]
    with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.write() as tx:
        snapshots.add_all(tx, rows)


def test_f10_nothing_is_sealed_while_the_clock_is_ahead_of_the_sites(home):
    """For the days of all later captures would be before the last that is sealed."""
    year = timedelta(days=365)
    answered(home, NOW + year, NOW)
    report = seal(home, TOMORROW + year)
    assert (report.days, kept.days(home.manifests)) == ([], [])
    [trouble] = report.troubles
    assert "365 days ahead" in trouble
    report = seal(home, TOMORROW)
    assert (report.days, report.troubles) == ([TODAY], [])


def forget(home):
    """Have the catalogue know of no manifest."""
    with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.write() as tx:
        tx.exec_driver_sql("DELETE FROM manifest_files")
        tx.exec_driver_sql("DELETE FROM manifests")


def test_f10_a_manifest_of_a_day_to_come_stays_and_other_days_follow_it(home):
    year = timedelta(days=365)
    answered(home, NOW + year, NOW, number=1)  # one answer alone proves nothing
    first, ahead = seal(home, TOMORROW + year).days
    answered(home, NOW, NOW)
    day_after = TOMORROW + timedelta(days=1)
    report = seal(home, day_after)
    assert (report.days, report.troubles, report.ahead) == (
        [today(TOMORROW).isoformat()],
        [],
        ahead,
    )
    more(home, 8)
    report = seal(home, TOMORROW + year + timedelta(days=1))
    late = report.days[-1]
    assert (late > ahead, report.ahead) == (True, None)
    order = [first, ahead, today(TOMORROW).isoformat(), late]
    for forgotten in (False, True):  # as by an older copy of the catalogue
        if forgotten:
            forget(home)
            assert seal(home, NOW).days == []
        with closing(Catalogue.open(home.catalogue)) as catalogue:
            with catalogue.read() as view:
                assert [each.day for each in chained.every(view)] == order
            assert verify(home, catalogue).faults == []
            [record] = {line.record_id for line in lines(home, ahead) if line.type == "response"}
            assert [each.day for each in prove(home, catalogue, record).later] == order[2:]


def lines(home, day):
    return [line for section in sound(home, day).sections() for line in section.lines()]
