"""What is copied out of the archive is what lies there, byte for byte."""

from __future__ import annotations

import gzip
from io import BytesIO
from urllib.parse import unquote

import pytest
from fastwarc.warc import ArchiveIterator

from newscrawl.archive.copying import Copying
from newscrawl.archive.errors import DamagedArchive
from newscrawl.archive.layout import archive_files
from newscrawl.archive.reader import iterate
from newscrawl.archive.records import encode_snapshot
from newscrawl.archive.writer import ArchiveWriter
from tests.archive.samples import FOLDER, MOMENT, snapshot, written


def copied(root, *places, description="渡口"):
    out = BytesIO()
    copying = Copying(root, out, "out.warc.gz", description)
    records = list(copying.add(places))
    assert copying.size == len(out.getvalue())
    assert copying.records == len(records)
    return out.getvalue(), records


def place(path, root, number):
    """Where the capture with this number lies in the one file."""
    answers = [each for each in iterate(path) if each.type == "response"]
    return str(path.relative_to(root)), answers[number].offset


def test_an_answer_and_its_request_are_copied_as_they_are_stored(tmp_path):
    path = written(tmp_path, snapshot(body=b"one"), snapshot(body=b"two"), snapshot(body=b"three"))
    out, records = copied(tmp_path, place(path, tmp_path, 1))
    assert [each.record.type for each in records] == ["response", "request"]
    assert records[0].record.payload == b"two"
    stored = path.read_bytes()
    for record, offset in records:
        there = stored[record.offset : record.offset + record.length]
        assert out[offset : offset + record.length] == there


def test_a_warcinfo_of_our_own_comes_first_with_what_the_export_is(tmp_path):
    path = written(tmp_path, snapshot())
    out, _records = copied(tmp_path, place(path, tmp_path, 0), description="渡口\r\nx: y")
    new = tmp_path / "out.warc.gz"
    new.write_bytes(out)
    info, response, request = iterate(new)
    assert [info.type, response.type, request.type] == ["warcinfo", "response", "request"]
    assert "\r\ndescription: 渡口 x: y\r\n".encode() in info.payload
    assert b"\r\nisPartOf: an export of newscrawl\r\n" in info.payload


@pytest.mark.parametrize("name", ["临空 经济.warc.gz", "a\udce4.warc.gz"])
def test_a_file_may_have_any_name(tmp_path, name):
    target = BytesIO()
    Copying(tmp_path, target, name, "一件快照")
    for info in ArchiveIterator(BytesIO(target.getvalue())):
        assert unquote(info.headers["WARC-Filename"], errors="surrogateescape") == name
        assert "一件快照" in info.reader.read().decode()


def test_what_an_importer_brought_is_copied_without_its_neighbour(tmp_path):
    with ArchiveWriter(tmp_path) as writer:
        ids = [f"<urn:uuid:0000000{number}-0000-4000-8000-000000000000>" for number in (1, 2)]
        places = [
            writer.write_resource(FOLDER, "import:x/1", "text/plain", b"a", MOMENT, each).result()
            for each in ids
        ]
    _out, records = copied(tmp_path, (places[0].path, places[0].offset))
    assert [each.record.record_id for each in records] == ids[:1]


def test_an_answer_without_a_request_is_copied_alone(tmp_path):
    path = written(tmp_path, snapshot(body=b"two"))
    alone = encode_snapshot(snapshot(body=b"one"))
    path.write_bytes(alone.members[: alone.length] + path.read_bytes())
    _out, records = copied(tmp_path, (str(path.relative_to(tmp_path)), 0))
    assert [each.record.payload for each in records] == [b"one"]


def test_a_file_in_progress_is_read_no_further_than_needed(tmp_path):
    path = written(tmp_path, snapshot(body=b"one"))
    where = place(path, tmp_path, 0)
    half = gzip.compress(b"WARC/1.1\r\n")[:9]
    path.with_name(path.name + ".open").write_bytes(path.read_bytes() + half)
    path.unlink()
    _out, records = copied(tmp_path, where)
    assert len(records) == 2


def test_a_damaged_capture_is_named_and_not_copied(tmp_path):
    path = written(tmp_path, snapshot(body=b"one"), snapshot(body=b"two"))
    name, offset = place(path, tmp_path, 1)
    stored = bytearray(path.read_bytes())
    stored[offset + 40] ^= 1
    path.write_bytes(stored)
    with pytest.raises(DamagedArchive, match=f"at byte {offset}"):
        copied(tmp_path, (name, offset))


def test_a_place_behind_the_end_is_named(tmp_path):
    [path] = [written(tmp_path, snapshot())]
    assert archive_files(tmp_path) == [path]
    with pytest.raises(DamagedArchive, match="the file ends before"):
        copied(tmp_path, (str(path.relative_to(tmp_path)), path.stat().st_size))
