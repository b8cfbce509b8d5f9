"""Whatever was changed since it was captured or sealed is found, and named."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from newscrawl.archive import manifests as kept
from newscrawl.archive import removals
from newscrawl.archive.described import record_lines
from newscrawl.archive.layout import archive_files, unfinished
from newscrawl.archive.manifest import Manifest, head
from newscrawl.archive.manifest_lines import ErasedLine
from newscrawl.archive.recover import recover
from newscrawl.archive.removals import Note, Removed
from newscrawl.archive.rewrite import fresh_name
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue import snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.snapshots import Place
from newscrawl.errors import UsageError
from newscrawl.ops import verification
from newscrawl.ops.recovery import CAPTURES
from newscrawl.ops.sealing import seal
from newscrawl.ops.verdict import Remedy
from newscrawl.text.dates import today
from tests.archive.samples import FOLDER, snapshot
from tests.homes import small_home
from tests.makers import DAY, PAPER
from tests.ops.test_sealing import TODAY, TOMORROW, more, sound

ANOTHER_ROW = """
INSERT INTO snapshots
(record_id, kind, paper, day, requested_url, url, captured_at, status, path, offset, length,
payload_digest)
SELECT '<x>', kind, paper, day, requested_url, url, captured_at, status, path, 5, 5, ''
FROM snapshots
"""
AFTER = TOMORROW + timedelta(days=1)


@pytest.fixture
def home(tmp_path):
    """Two days sealed, and a file that is not."""
    home = small_home(tmp_path / "家", articles=2)
    more(home, days_ago=3)
    seal(home, TOMORROW)
    more(home, 8)
    return home


def verify(home):
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        return verification.verify(home, catalogue)


def execute(home, statement, *values):
    with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.write() as tx:
        tx.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        tx.exec_driver_sql(statement, values)


def found(home, path):
    """Record ids, offsets and lines that are named of a file."""
    return {
        (each.record_id, each.offset, each.line)
        for each in verify(home).faults
        if each.where == str(path)
    }


def records(home):
    """`(file, offset, length, record id)` of every record that is sealed."""
    for day in kept.days(home.manifests):
        for section in sound(home, day).sections():
            offset = 0
            for line in section.lines():
                yield home.snapshots / section.file.path, offset, line.length, line.record_id
                offset += line.length


def changed(path: Path, place: int, dice: random.Random) -> bytes:
    """What the file held before a byte of it was changed."""
    content = path.read_bytes()
    other = dice.choice([byte for byte in range(256) if byte != content[place]])
    path.write_bytes(content[:place] + bytes([other]) + content[place + 1 :])
    return content


def test_what_is_sound_is_found_so(home):
    verdict = verify(home)
    assert verdict.faults == []
    assert (verdict.days, verdict.files, verdict.records, verdict.unsealed) == (2, 3, 11, 3)


def test_f15_a_changed_byte_of_every_sealed_record_is_found_and_the_record_named(home):
    dice = random.Random(15)
    for path, offset, length, record_id in list(records(home)):
        places = {0, 4, 9, length - 1, *(dice.randrange(length) for _ in range(4))}
        for place in places:
            before = changed(path, offset + place, dice)
            assert found(home, path) == {(record_id, offset, None)}
            path.write_bytes(before)
    assert verify(home).sound


def test_f15_a_changed_byte_of_a_manifest_is_found_and_its_line_named(home):
    dice = random.Random(16)
    for day in kept.days(home.manifests):
        path = kept.place(home.manifests, day)
        content = path.read_bytes()
        for number, line in enumerate(content.split(b"\n")[:-1], 1):
            start = sum(map(len, content.split(b"\n")[: number - 1])) + number - 1
            before = changed(path, start + dice.randrange(len(line)), dice)
            named = {each for _record, _offset, each in found(home, path)}
            assert named, line
            assert number in named or number in {3, 4}, (line, named)
            path.write_bytes(before)
    assert verify(home).sound


def test_f15_a_changed_byte_of_what_is_not_sealed_yet_is_found(home):
    dice, offset = random.Random(17), 0
    [path] = set(archive_files(home.snapshots)) - {each[0] for each in records(home)}
    content = path.read_bytes()
    for line, _stored in record_lines(path):
        every = {*range(10), *range(line.length - 9, line.length)}
        for place in sorted(every | {dice.randrange(line.length) for _ in range(20)}):
            changed(path, offset + place, dice)
            [named] = {each for each in found(home, path) if each[1] == offset}
            assert named[0] in (line.record_id, None)
            assert named[0] or line.type not in CAPTURES
            path.write_bytes(content)
        offset += line.length
    assert verify(home).sound


@pytest.mark.parametrize(
    ("change", "what", "remedy"),
    [
        (lambda content: content[:-1], "not those that were sealed", Remedy.RESTORE),
        (lambda content: content + b"\0", "1 bytes behind the last record", Remedy.RESTORE),
        (lambda content: b"", "not those that were sealed", Remedy.RESTORE),
    ],
)
def test_a_longer_or_shorter_file_is_found(home, change, what, remedy):
    path = next(records(home))[0]
    path.write_bytes(change(path.read_bytes()))
    faults = verify(home).faults
    assert what in faults[-1].what
    assert {each.remedy for each in faults} == {remedy}


def test_a_missing_file_is_named_with_its_records(home):
    path = next(records(home))[0]
    path.unlink()
    [fault] = verify(home).faults
    assert str(fault) == f"{path}: missing; 3 records were in it"


def test_a_missing_file_that_was_not_sealed_is_named(home):
    [path] = set(archive_files(home.snapshots)) - {each[0] for each in records(home)}
    path.unlink()
    [fault] = verify(home).faults
    assert str(fault) == f"{path}: missing; 1 records were in it"


@pytest.mark.parametrize(
    ("statement", "what", "remedy"),
    [
        ("UPDATE snapshots SET offset = offset + 1", "has offset", Remedy.RESTORE_CATALOGUE),
        ("UPDATE snapshots SET length = 7", "has length 7", Remedy.RESTORE_CATALOGUE),
        (
            "UPDATE snapshots SET payload_digest = 'sha256:0'",
            "has payload digest",
            Remedy.RESTORE_CATALOGUE,
        ),
        (
            "UPDATE snapshots SET captured_at = '2019-01-01T00:00:00.000000+00:00'",
            "has captured at 2019-01-01T00:00:00.000000+00:00",
            Remedy.RESTORE_CATALOGUE,
        ),
        (
            "UPDATE snapshots SET url = url || '?', requested_url = url || '?'",
            "has url ",
            Remedy.RESTORE_CATALOGUE,
        ),
        (
            "UPDATE snapshots SET requested_url = 'https://forged.example/x'",
            "has requested url https://forged.example/x, and no redirect",
            Remedy.RESTORE_CATALOGUE,
        ),
        ("DELETE FROM snapshots", "has no row for it", Remedy.REPAIR),
        (
            ANOTHER_ROW,
            "a record that is not in the file",
            Remedy.RESTORE_CATALOGUE,
        ),
    ],
)
@pytest.mark.parametrize("row", [1, 4])
def test_what_the_catalogue_says_otherwise_is_found(home, statement, what, remedy, row):
    execute(home, "DELETE FROM versions")
    execute(home, f"{statement} WHERE id = {row}")
    [fault] = verify(home).faults
    assert what in fault.what
    assert fault.remedy is remedy
    assert fault.record_id


def test_f15_a_row_cannot_pass_for_two(home):
    """What is compared is one text of all rows."""
    execute(home, "DELETE FROM versions")
    with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.read() as view:
        path = view.exec_driver_sql("SELECT path FROM snapshots WHERE id = 2").scalar()
        *_others, last = snapshots.told(view, path).text.split("\n")
    execute(home, "DELETE FROM snapshots WHERE record_id = ?", last.partition(" ")[0])
    execute(home, "UPDATE snapshots SET url = url || char(10) || ? WHERE id = 1", last)
    assert not verify(home).sound


def test_what_was_asked_for_is_believed_where_its_redirect_is_held(home):
    asked = "https://example.com/old.html"
    found = [
        snapshot(url=asked, status=301),
        snapshot(url="https://example.com/渡口.html", requested_url=asked),
    ]
    place = Place(PAPER, DAY, "article")
    with (
        ArchiveWriter(home.snapshots) as writer,
        closing(Catalogue.open(home.catalogue)) as catalogue,
    ):
        rows = [snapshots.row(place, each, writer.write(FOLDER, each).result()) for each in found]
        with catalogue.write() as tx:
            snapshots.add_all(tx, rows)
    assert verify(home).sound
    seal(home, AFTER)
    assert verify(home).sound
    execute(home, "UPDATE snapshots SET status = 200 WHERE url = ?", asked)
    [fault] = verify(home).faults
    assert fault.record_id == found[1].record_id


def test_what_nobody_knows_is_named(home):
    notes = home.snapshots / "hangzhou_daily" / "notes.txt"
    copy = home.manifests / "2023-12-15 (copy).txt"
    for each in (notes, copy):
        each.write_text("x")
    assert {(each.where, each.remedy) for each in verify(home).faults} == {
        (str(notes), Remedy.STRANGER),
        (str(copy), Remedy.STRANGER),
    }


def test_a_manifest_that_is_missing_is_named_and_its_files_are_read(home):
    place = kept.place(home.manifests, TODAY)
    place.unlink()
    verdict = verify(home)
    assert [str(each) for each in verdict.faults] == [f"{place}: the manifest is missing"]
    assert (verdict.records, verdict.unsealed) == (11, 8)


def test_a_manifest_made_anew_is_not_the_one_that_was_sealed(home):
    place = kept.place(home.manifests, TODAY)
    manifest = sound(home, TODAY)
    [section] = manifest.sections()
    info, first, *others = section.lines()
    line = first._replace(url="https://paper.example/another.html")
    lines = (section.file, info, line, *others)
    place.write_text(Manifest.of(TODAY, manifest.before, lines).text)
    first, second = verify(home).faults
    assert "not the manifest that was sealed" in first.what
    assert (second.record_id, second.line) == (line.record_id, 7)


def test_a_manifest_without_its_day_before_is_not_the_one_that_was_sealed(home):
    place = kept.place(home.manifests, TODAY)
    manifest = sound(home, TODAY)
    [section] = manifest.sections()
    place.write_text(Manifest.of(TODAY, None, (section.file, *section.lines())).text)
    [fault] = verify(home).faults
    assert (fault.where, fault.line) == (str(place), 3)


def test_an_erased_record_leaves_the_rest_verified_and_its_line_is_watched(home):
    manifest = sound(home, TODAY)
    [section] = manifest.sections()
    *kept_lines, last = section.lines()
    path = home.snapshots / section.file.path
    path.write_bytes(path.read_bytes()[: -last.length])
    erased = ErasedLine(last.leaf, last.record_id)
    after = Manifest.of(TODAY, manifest.before, (section.file, *kept_lines, erased))
    assert after.head == manifest.head
    digest = kept.write(home.manifests, after).digest
    execute(home, "UPDATE manifests SET digest = ? WHERE day = ?", digest, TODAY)
    [fault] = verify(home).faults
    assert "no signed note" in fault.what
    removed = (Removed(last.record_id, last.stored, last.leaf),)
    path = section.file.path
    note = Note(fresh_name(path), path, removed, AFTER.isoformat(), "erase", "other", "x")
    removals.append(home.root, note)
    assert verify(home).faults == []
    place = kept.place(home.manifests, TODAY)
    other = last.record_id[:-2] + ("0>" if last.record_id[-2] != "0" else "1>")
    place.write_text(place.read_text().replace(last.record_id, other))
    found = {each.what: each for each in verify(home).faults}
    [fault] = [each for what, each in found.items() if "not as it was written" in what]
    assert (fault.where, fault.remedy) == (str(place), Remedy.RESTORE_MANIFEST)
    assert any("no signed note" in what for what in found)


def test_f15_another_day_before_is_found_though_no_hash_has_it(home):
    place = kept.place(home.manifests, TODAY)
    day = sound(home, TODAY).before.day
    place.write_text(place.read_text().replace(f"before {day}", "before 2023-01-01"))
    [fault] = verify(home).faults
    assert (fault.where, fault.line) == (str(place), 3)


def test_a_manifest_that_the_catalogue_does_not_know_is_named(home):
    execute(home, "DELETE FROM manifest_files WHERE day = ?", TODAY)
    execute(home, "DELETE FROM manifests WHERE day = ?", TODAY)
    [fault] = verify(home).faults
    assert (fault.where, fault.remedy) == (str(kept.place(home.manifests, TODAY)), Remedy.SEAL)
    seal(home, TOMORROW)
    assert verify(home).sound


def test_a_file_taken_out_of_the_rows_is_named(home):
    execute(home, "DELETE FROM manifest_files WHERE day = ?", TODAY)
    [fault] = verify(home).faults
    assert "differ in whether it is sealed" in fault.what


def test_a_file_that_is_being_written_is_left_alone(home):
    [path] = set(archive_files(home.snapshots)) - {each[0] for each in records(home)}
    path.rename(unfinished(path))
    assert verify(home).sound
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        with catalogue.read() as view:
            [row] = snapshots.of_file(view, str(path.relative_to(home.snapshots)))
        assert verification.verify_records(home, catalogue, [row.record_id]).faults == []


def test_an_empty_file_that_a_run_takes_away_meanwhile_is_not_missed(home, monkeypatch):
    path = archive_files(home.snapshots)[0].with_name("20260101T000000000000Z-00000000.warc.gz")
    unfinished(path).touch()

    def one_day(look, chain, days, *others):
        recover(home.snapshots)
        everything(look, chain, days, *others)

    everything = verification._everything
    monkeypatch.setattr(verification, "_everything", one_day)
    assert verify(home).faults == []
    assert not unfinished(path).exists()


@pytest.mark.parametrize("forged", ["record x", "recorded", "erased y", "file z"])
def test_a_line_that_is_none_is_named_though_root_and_catalogue_fit_it(home, forged):
    day = kept.days(home.manifests)[-1]
    old = sound(home, day)
    rows = (*old.rows[:-1], forged)
    root = replace(old, rows=rows).true_root()
    made = replace(old, rows=rows, root=root, head=head(day, root, old.before))
    digest = kept.write(home.manifests, made).digest
    changes = "UPDATE manifests SET root = ?, head = ?, digest = ? WHERE day = ?"
    execute(home, changes, root, made.head, digest, day)
    faults = verify(home).faults
    assert {each.what for each in faults} >= {f"no line of a file or record: {forged!r}"}
    assert {each.line for each in faults} >= {len(rows) + 4}


def test_a_day_is_verified_alone(home):
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        verdict = verification.verify_day(home, catalogue, today(TOMORROW) - timedelta(days=1))
        assert (verdict.days, verdict.files, verdict.sound) == (1, 1, True)
        with pytest.raises(UsageError, match="was not sealed, the newest is"):
            verification.verify_day(home, catalogue, today(AFTER))


def test_a_record_is_verified_with_its_manifest_and_not_with_others(home):
    sealed = [each for each in records(home) if each[0] != next(records(home))[0]]
    (path, offset, _length, _), (_, _, _, record_id) = sealed[1], sealed[3]
    changed(path, offset + 30, random.Random(1))
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        other = verification.verify_records(home, catalogue, [record_id])
        assert (other.days, other.faults) == (1, [])
        [fault] = verification.verify_records(home, catalogue, [sealed[1][3]]).faults
    assert fault.record_id == sealed[1][3]


def test_progress_ends_at_all_bytes(home):
    seen = []
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        verification.verify(home, catalogue, lambda *each: seen.append(each))
    total = sum(path.stat().st_size for path in archive_files(home.snapshots))
    assert seen[-1] == (total, total)
