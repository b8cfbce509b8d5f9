"""What goes into the archive comes out of it: for us, for FastWARC and for warcio."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.archive.check import check_file
from newscrawl.archive.errors import ArchiveError, DamagedArchive
from newscrawl.archive.reader import (
    archive_files,
    capture_end,
    iterate,
    read_record,
    read_snapshot,
)
from newscrawl.archive.writer import ArchiveWriter
from newscrawl.items import Snapshot
from tests.archive.samples import FOLDER, MOMENT, PAGE, URL, snapshot, written

AWKWARD = {
    "empty": snapshot(body=b"", status=304, headers=()),
    "gzip": snapshot(
        headers=((b"Content-Type", b"text/html"), (b"Content-Encoding", b"gzip")),
        body=gzip.compress(PAGE),
    ),
    "binary": snapshot(
        headers=((b"Content-Type", b"image/jpeg"),), body=random.Random(4).randbytes(1 << 20)
    ),
    "cookies": snapshot(headers=((b"Set-Cookie", b"a=1; path=/"), (b"Set-Cookie", b"b=2"))),
    "header bytes": snapshot(
        headers=(
            (b"X-Paper", "杭州日报".encode("gb18030")),
            (b"X-Utf8", "版面".encode()),
            (b"X-Odd", b"\x80\xff\x00 : a  "),
            (b"X-Empty", b""),
        )
    ),
    "error": snapshot(status=404, body="不存在".encode("gbk")),
    "unknown status": snapshot(status=567),
    "robots": snapshot(url="https://paper.example/robots.txt", body=b"User-agent: *\n"),
    "looks like a record": snapshot(body=b"\r\n\r\nWARC/1.1\r\nContent-Length: 0\r\n\r\n\r\n\r\n"),
}

header_bytes = st.binary(max_size=30).filter(lambda value: not set(value) & set(b"\r\n"))
header_names = st.text("abcXYZ-", min_size=1, max_size=12).map(str.encode)
snapshots = st.builds(
    snapshot,
    status=st.integers(100, 599),
    headers=st.lists(st.tuples(header_names, header_bytes), max_size=5).map(tuple),
    body=st.binary(max_size=300),
    request_headers=st.lists(st.tuples(header_names, header_bytes), max_size=3).map(tuple),
)


def round_trip(root: Path, value: Snapshot) -> Snapshot:
    with ArchiveWriter(root) as writer:
        record = writer.write(FOLDER, value).result()
    return read_snapshot(root, record.path, record.offset)


@pytest.mark.parametrize("value", AWKWARD.values(), ids=AWKWARD)
def test_an_awkward_answer_comes_back_unchanged(tmp_path: Path, value: Snapshot) -> None:
    assert round_trip(tmp_path, value) == value


@settings(max_examples=40, deadline=None)
@given(snapshots)
def test_any_answer_comes_back_unchanged(value: Snapshot) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert round_trip(Path(folder), value) == value


def test_the_record_says_where_the_response_lies(tmp_path: Path) -> None:
    value = snapshot()
    with ArchiveWriter(tmp_path) as writer:
        writer.write(FOLDER, snapshot()).result()
        record = writer.write(FOLDER, value).result()
    stored = tmp_path / record.path
    member = stored.read_bytes()[record.offset : record.offset + record.length]
    assert gzip.decompress(member).startswith(b"WARC/1.1\r\nWARC-Type: response\r\n")
    assert record.record_id == value.record_id
    assert record.payload_digest == f"sha256:{sha256(PAGE).hexdigest()}"
    assert read_record(tmp_path, record.path, record.offset).head.record(record.path) == record


def test_a_file_begins_with_warcinfo_and_pairs_response_with_request(tmp_path: Path) -> None:
    value = replace(snapshot(), method="POST")
    info, response, request = iterate(written(tmp_path, value))
    assert [info.type, response.type, request.type] == ["warcinfo", "response", "request"]
    assert b"isPartOf: hangzhou_daily/2023-12-15\r\n" in info.payload
    assert b"software: newscrawl/" in info.payload
    assert response.url == request.url == URL
    assert response.first_line == "HTTP/1.1 200 OK"
    assert request.first_line == "POST /html/2023-12/15/content_1.html?div=-1 HTTP/1.1"
    assert request.concurrent_to == response.record_id == value.record_id
    assert response.date == MOMENT


def test_a_capture_ends_with_its_request_whatever_follows(tmp_path: Path) -> None:
    path = written(tmp_path, snapshot(), snapshot())
    name = str(path.relative_to(tmp_path))
    _info, first, request, second, last = [record.head for record in iterate(path)]
    assert capture_end(tmp_path, name, first.offset) == request.offset + request.length
    assert capture_end(tmp_path, name, second.offset) == path.stat().st_size
    path.write_bytes(path.read_bytes()[: last.offset + 9])
    assert capture_end(tmp_path, name, second.offset) == last.offset
    for nowhere in (last.offset, path.stat().st_size):
        with pytest.raises(DamagedArchive):
            capture_end(tmp_path, name, nowhere)


def test_a_date_keeps_its_microseconds_and_becomes_utc(tmp_path: Path) -> None:
    shanghai = timezone(timedelta(hours=8))
    path = written(tmp_path, replace(snapshot(), captured_at=MOMENT.astimezone(shanghai)))
    assert b"WARC-Date: 2023-12-15T01:02:03.004567Z\r\n" in gzip.decompress(path.read_bytes())


def test_no_transfer_encoding_stands_over_a_body_without_chunks(tmp_path: Path) -> None:
    headers = ((b"transfer-Encoding", b"chunked"), (b"Via", b"1.1 a"))
    assert round_trip(tmp_path, snapshot(headers=headers)).headers == ((b"Via", b"1.1 a"),)


def test_a_line_break_cannot_end_a_header(tmp_path: Path) -> None:
    headers = ((b"Set-Cookie", b"a=1\nb=2\r\n\r\n<script>"),)
    value = round_trip(tmp_path, snapshot(headers=headers))
    assert value.headers == ((b"Set-Cookie", b"a=1 b=2  <script>"),)
    assert value.body == PAGE


def test_an_address_cannot_write_headers(tmp_path: Path) -> None:
    value = snapshot(url="https://paper.example/版 面\r\nWARC-Type: x")
    _, response, request = iterate(written(tmp_path, value))
    assert response.url == "https://paper.example/%E7%89%88%20%E9%9D%A2%0D%0AWARC-Type:%20x"
    assert request.first_line == "GET /%E7%89%88%20%E9%9D%A2%0D%0AWARC-Type:%20x HTTP/1.1"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"record_id": "<urn:x>\r\nA: b"}, "WARC-Record-ID"),
        ({"captured_at": datetime(2023, 12, 15)}, "time zone"),  # noqa: DTZ001
        ({"body": bytes(33 << 20)}, "DOWNLOAD_MAXSIZE"),
        ({"url": "https://[paper/"}, "no URL"),
    ],
)
def test_what_warc_cannot_hold_is_refused_alone(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    with ArchiveWriter(tmp_path) as writer:
        refused = writer.write(FOLDER, replace(snapshot(), **change))
        taken = writer.write(FOLDER, snapshot())
        with pytest.raises(ArchiveError, match=message):
            refused.result()
        taken.result()
    assert [record.type for record in iterate(*archive_files(tmp_path))][1:] == [
        "response",
        "request",
    ]


def test_a_resource_keeps_the_exact_imported_line(tmp_path: Path) -> None:
    line = '{"标题": "渡口恢复通航"}\r\n'.encode()
    with ArchiveWriter(tmp_path) as writer:
        record = writer.write_resource(
            FOLDER, "urn:import:own/17", "application/json", line, MOMENT, "<urn:uuid:17>"
        ).result()
    stored = read_record(tmp_path, record.path, record.offset)
    assert (stored.type, stored.payload, stored.url) == ("resource", line, "urn:import:own/17")
    assert stored.content_type == "application/json"
    with pytest.raises(DamagedArchive, match="a resource record where a response should be"):
        read_snapshot(tmp_path, record.path, record.offset)


def test_fastwarc_reads_the_same_payloads_and_digests(tmp_path: Path) -> None:
    path = written(tmp_path, *AWKWARD.values())
    wanted = {value.record_id: value for value in AWKWARD.values()}
    found = 0
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, parse_http=False):
            assert record.verify_block_digest()
            if record.record_type == WarcRecordType.response:
                record.parse_http()
                value = wanted[str(record.record_id)]
                assert record.verify_payload_digest()
                assert record.http_headers.status_code == value.status
                assert record.record_date.astimezone(UTC) == value.captured_at
                assert record.reader.read() == value.body
                found += 1
    assert found == len(AWKWARD)


def test_warcio_check_passes(tmp_path: Path) -> None:
    path = written(tmp_path, *AWKWARD.values())
    call = [sys.executable, "-m", "warcio.cli", "check", "-v", str(path)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("digest pass") == 1 + 2 * len(AWKWARD)
    assert check_file(path).problems == ()
