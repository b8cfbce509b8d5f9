"""A file without some of its records: the others as they were, under another name."""

from __future__ import annotations

import pytest

from newscrawl.archive.check import check_file
from newscrawl.archive.errors import ArchiveError, DamagedArchive
from newscrawl.archive.layout import FILE, archive_files
from newscrawl.archive.members import members
from newscrawl.archive.rewrite import UNFINISHED, discard, fresh_name, rewrite
from newscrawl.archive.writer import ArchiveWriter
from tests.archive.samples import snapshot

FOLDER = "hangzhou_daily/2023-12-15"


@pytest.fixture
def file(tmp_path):
    with ArchiveWriter(tmp_path) as writer:
        for number in range(4):
            page = snapshot(url=f"https://example.com/{number}", body=b"%d" % number)
            writer.write(FOLDER, page).result()
    [path] = archive_files(tmp_path)
    return path


def third(record):
    return record.url.endswith("/2")


def fresh(file):
    return file.with_name(fresh_name(f"{FOLDER}/{file.name}").rpartition("/")[2])


def test_i3_the_others_are_copied_byte_for_byte(file):
    copy = fresh(file)
    done = rewrite(file, copy, third)
    before = [file.read_bytes()[each.offset :][: each.length] for each in members(file)]
    after = [copy.read_bytes()[each.offset :][: each.length] for each in members(copy)]
    assert after == before[:5] + before[7:]
    assert sorted(done.moved.values()) == [each.offset for each in members(copy)]
    assert [each.type for each in done.dropped] == ["response", "request"]
    assert check_file(copy).ok


def test_a_copy_has_a_name_of_its_own(file):
    named = f"{FOLDER}/{file.name}"
    assert FILE.fullmatch(fresh_name(named))
    assert fresh_name(named) != named
    assert fresh_name(named)[:-16] == named[:-16]


def test_a_damaged_file_is_not_rewritten(file):
    data = bytearray(file.read_bytes())
    data[-20] ^= 1
    file.write_bytes(data)
    with pytest.raises(DamagedArchive):
        rewrite(file, fresh(file), third)
    assert not fresh(file).exists()


def test_what_was_begun_is_written_over_or_discarded(file):
    copy = fresh(file)
    copy.with_name(copy.name + UNFINISHED).write_bytes(b"half")
    rewrite(file, copy, third)
    assert check_file(copy).ok
    discard(copy)
    discard(copy)
    assert archive_files(file.parents[2]) == [file]


def test_a_folder_that_cannot_be_written_is_said(file):
    with pytest.raises(ArchiveError):
        rewrite(file, file.parent / "none" / file.name, third)
