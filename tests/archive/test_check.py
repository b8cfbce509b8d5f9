"""A fault in an archive file is found and named."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.archive.check import check_file
from newscrawl.archive.errors import DamagedArchive
from newscrawl.archive.reader import iterate, read_snapshot
from newscrawl.archive.stored import RecordHead
from tests.archive.samples import snapshot, written


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path, *(snapshot(body=b"<p>%d</p>" % number * 50) for number in range(3)))


def heads(path: Path) -> list[RecordHead]:
    return [record.head for record in iterate(path)]


def rewrite(path: Path, number: int, old: bytes, new: bytes) -> RecordHead:
    """Change bytes inside record `number`, packed again as one sound gzip member."""
    head = heads(path)[number]
    data = path.read_bytes()
    end = head.offset + head.length
    record = gzip.decompress(data[head.offset : end])
    assert old in record
    member = gzip.compress(record.replace(old, new, 1))
    path.write_bytes(data[: head.offset] + member + data[end:])
    return head


def test_a_sound_file(path: Path) -> None:
    report = check_file(path)
    assert report.ok
    assert report.records == {"warcinfo": 1, "response": 3, "request": 3}


@pytest.mark.parametrize("back", [1, 4, 8, 9, 100])
def test_f4_a_cut_record_is_found_where_warcio_passes_it(path: Path, back: int) -> None:
    last = heads(path)[-1]
    path.write_bytes(path.read_bytes()[:-back])
    report = check_file(path)
    assert [(each.offset, each.what) for each in report.problems] == [
        (last.offset, "no whole gzip member (cut off)")
    ]
    assert report.records["request"] == 2


def test_f4_warcio_alone_does_not_see_a_cut_trailer(path: Path) -> None:
    """The reason for a check of our own; once warcio sees it, this test says so."""
    path.write_bytes(path.read_bytes()[:-4])
    call = [sys.executable, "-m", "warcio.cli", "check", str(path)]
    assert subprocess.run(call, check=False).returncode == 0
    assert not check_file(path).ok


def test_f15_any_changed_byte_is_found(path: Path) -> None:
    sound = path.read_bytes()
    content = gzip.decompress(sound)
    third = heads(path)[3]
    unseen = 0
    # From 10 on: a gzip header also holds a time and an operating system, which mean nothing.
    for place in range(third.offset + 10, third.offset + third.length):
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 0x10]) + sound[place + 1 :])
        offsets = {problem.offset for problem in check_file(path).problems}
        if offsets:
            assert offsets == {third.offset}
        else:
            assert gzip.decompress(path.read_bytes()) == content
            unseen += 1
    assert unseen <= 1, "only the bits that fill up the last compressed byte mean nothing"


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b"<p>1</p>", b"<p>7</p>", "block digest"),
        (b"WARC-Payload-Digest: sha256:", b"X-Was: sha256:", "no payload digest"),
        (b"WARC-Block-Digest: sha256:", b"X-Was: sha256:", "no block digest"),
        (b"Content-Length: ", b"Content-Length: 1", "Content-Length is"),
        (b"Content-Length: ", b"Content-Length: -", "Content-Length is"),
        (b"Content-Length: 459", b"Content-Length: -4", "Content-Length is -4"),
        (b"Content-Length: ", b"Content-Length: x", "invalid literal for int"),
        (b"Content-Length: ", b"X-Was: ", "no Content-Length"),
        (b"WARC-Date: 20", b"WARC-Date: yy", "Invalid isoformat"),
        (b"HTTP/1.1 200 OK", b"HTTP/1.1 two OK", "invalid literal for int"),
        (b"\r\n\r\n", b"\r\n\r\n\r\n", "the record does not end there"),
    ],
)
def test_f15_a_forged_record_is_named(path: Path, old: bytes, new: bytes, what: str) -> None:
    head = rewrite(path, 3, old, new)
    first, *_ = check_file(path).problems
    assert (first.offset, first.record_id) == (head.offset, head.record_id)
    assert what in first.what
    assert sum(check_file(path).records.values()) >= 6, "the records behind it are read"
    with pytest.raises(DamagedArchive, match=head.record_id) as caught:
        heads(path)
    assert caught.value.problem == first
    with pytest.raises(DamagedArchive, match=head.record_id):
        read_snapshot(path.parents[2], str(path.relative_to(path.parents[2])), head.offset)


def test_a_changed_payload_breaks_both_digests(path: Path) -> None:
    rewrite(path, 3, b"<p>1</p>", b"<p>7</p>")
    assert [each.what.split()[0] for each in check_file(path).problems] == ["block", "payload"]


def test_two_records_in_one_member(path: Path) -> None:
    first, second = heads(path)[:2]
    data = path.read_bytes()
    both = gzip.decompress(data[: second.offset + second.length])
    path.write_bytes(gzip.compress(both))
    [problem] = check_file(path).problems
    assert (problem.record_id, problem.what) == (
        first.record_id,
        "more than one record in a gzip member",
    )


@pytest.mark.parametrize(
    "tail",
    [b"\0" * 512, b"\n", gzip.compress(b"", mtime=0), gzip.compress(b"hello", mtime=0)],
)
def test_what_is_no_record_is_found(path: Path, tail: bytes) -> None:
    size = path.stat().st_size
    path.write_bytes(path.read_bytes() + tail)
    [problem] = check_file(path).problems
    assert (problem.offset, problem.record_id) == (size, None)


def test_an_empty_file_is_a_problem(tmp_path: Path) -> None:
    empty = tmp_path / "empty.warc.gz"
    empty.touch()
    [problem] = check_file(empty).problems
    assert problem.what == "the file is empty"


def test_a_member_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.warc.gz"
    bomb.write_bytes(gzip.compress(bytes(40 << 20)))
    [problem] = check_file(bomb).problems
    assert "longer than" in problem.what
