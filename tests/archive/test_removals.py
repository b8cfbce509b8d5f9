"""Notes of removals: signed by the key of the home, or worth nothing."""

from __future__ import annotations

import json

import pytest

from newscrawl.archive.errors import ArchiveError
from newscrawl.archive.removals import (
    KEY,
    NOTES,
    Note,
    Removed,
    append,
    faults,
    make_key,
    notes,
    removed,
)

NOTE = Note(
    file="paper/2023-12-15/a.warc.gz",
    fresh="paper/2023-12-15/b.warc.gz",
    records=(Removed("<urn:uuid:1>", "0" * 64),),
    at="2026-03-01T08:00:00.000000+00:00",
    scope="erase",
    category="privacy",
    tombstone="0123456789ab",
)


def test_i8_a_note_is_read_again_and_says_whose_it_is(tmp_path):
    append(tmp_path, NOTE)
    append(tmp_path, NOTE)
    assert [each.records for each in notes(tmp_path)] == [NOTE.records] * 2
    assert removed(tmp_path) == {"<urn:uuid:1>": NOTE.records[0]}
    assert (tmp_path / KEY).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["file", "at", "scope", "tombstone", "signature", "public_key"])
def test_a_note_that_somebody_has_changed_says_nothing(tmp_path, name):
    append(tmp_path, NOTE)
    values = json.loads((tmp_path / NOTES).read_text())
    values[name] = values[name][:-1] + ("0" if values[name][-1] != "0" else "1")
    (tmp_path / NOTES).write_text(json.dumps(values) + "\n")
    assert list(notes(tmp_path)) == []


def test_a_note_of_another_key_says_nothing(tmp_path):
    (tmp_path / "other").mkdir()
    append(tmp_path / "other", NOTE)
    append(tmp_path, NOTE)
    with (tmp_path / NOTES).open("a") as file:
        file.write((tmp_path / "other" / NOTES).read_text())
    assert len(list(notes(tmp_path))) == 1


def test_what_a_crash_left_half_written_is_written_over(tmp_path):
    append(tmp_path, NOTE)
    with (tmp_path / NOTES).open("a") as file:
        file.write('{"file": "pa')
    assert len(list(notes(tmp_path))) == 1
    append(tmp_path, NOTE)
    assert len(list(notes(tmp_path))) == 2


def test_a_key_that_others_can_read_is_refused(tmp_path):
    append(tmp_path, NOTE)
    (tmp_path / KEY).chmod(0o644)
    with pytest.raises(ArchiveError, match="chmod 600"):
        append(tmp_path, NOTE)


def test_without_notes_nothing_was_removed(tmp_path):
    assert removed(tmp_path) == {}
    assert not (tmp_path / KEY).exists()


def test_where_the_key_is_lost_no_note_is_believed_and_none_is_made(tmp_path):
    append(tmp_path, NOTE)
    (tmp_path / KEY).unlink()
    assert removed(tmp_path) == {}
    with pytest.raises(ArchiveError, match="takedown --new-key") as refusal:
        append(tmp_path, NOTE)
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / KEY).exists()
    make_key(tmp_path)
    append(tmp_path, NOTE)
    assert len(removed(tmp_path)) == 1
    assert [each.line for each in faults(tmp_path)] == [1]


@pytest.mark.parametrize("behind", [b"", b"\x8a", b"}"])
def test_i5_a_note_that_lacks_but_its_line_break_is_kept(tmp_path, behind):
    """It is signed, so it was written to its end, and what it tells of is gone."""
    append(tmp_path, NOTE)
    file = tmp_path / NOTES
    file.write_bytes(file.read_bytes().removesuffix(b"\n") + behind)
    [fault] = faults(tmp_path)
    assert (fault.line, fault.cut) == (1, True)
    assert len(list(notes(tmp_path))) == 1
    append(tmp_path, NOTE)
    assert len(list(notes(tmp_path))) == 2
    assert list(faults(tmp_path)) == []
