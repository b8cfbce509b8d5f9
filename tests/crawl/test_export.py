"""What a real crawl has collected, exported in every format and read back by other libraries."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from hashlib import sha256

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from pyarrow import parquet
from sqlalchemy import text

from newscrawl.archive.layout import archive_files
from newscrawl.catalogue.connection import Catalogue
from newscrawl.home import Home
from tests.crawls import demo

FORMATS = ("jsonl", "csv", "parquet", "warc.gz", "wacz")


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A crawled home, its newsroom, and the directory with its export in every format."""
    home, out = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("out")
    with demo(home) as (newsroom, _site, server):
        done = newsroom.crawl(server.url)
        assert done.returncode == 0, done.stderr
        assert newsroom.run("newscrawl", "policy", "set", "full").returncode == 0
        for end in FORMATS:
            done = newsroom.run("newscrawl", "export", "-o", str(out / f"a.{end}"))
            assert (done.returncode, done.stderr) == (0, "")
        yield newsroom, server, out


@pytest.fixture(scope="module")
def catalogued(exported):
    """By an article's id what the catalogue has of it, read without our own code."""
    newsroom, _server, _out = exported
    made = Catalogue.open(Home(newsroom.home).catalogue)
    with made.read() as connection:
        rows = connection.execute(text(HELD)).mappings().all()
    made.close()
    assert len(rows) > 80
    return {row["id"]: row for row in rows}


HELD = """
SELECT a.id, a.paper, p.title, a.first_seen AS seen, v.*, s.payload_digest, s.url AS final
FROM versions v JOIN articles a ON a.id = v.article_id JOIN papers p ON p.name = a.paper
JOIN snapshots s ON s.record_id = v.record_id WHERE v.live
"""


def expected(row):
    fields = json.loads(row["fields"])
    return {
        "id": row["id"],
        "paper": row["paper"],
        "title": row["title"],
        "day": fields["edition"],
        "page": fields["page"],
        "page_name": row["page_name"],
        "headline": row["headline"].replace("\n", " "),
        "kicker": row["kicker"].replace("\n", " "),
        "subhead": row["subhead"].replace("\n", " "),
        "reporters": fields["reporters"],
        "correspondents": fields["correspondents"],
        "source": row["source"],
        "body": row["body"],
        "policy": "full",
        "url": fields["url"],
        "snapshot_time": row["first_seen"],
        "first_seen": row["seen"],
        "version": row["n"],
        "record_id": row["record_id"],
        "payload_digest": row["payload_digest"],
    }


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def records(stream, kind):
    """Each record of a kind, and its body."""
    return [(each, each.reader.read()) for each in ArchiveIterator(stream, kind, parse_http=True)]


def pictures(rows):
    images = (image for row in rows for image in json.loads(row["fields"])["images"])
    return {image["url"] for image in images}


def test_json_lines_tell_what_the_catalogue_has(exported, catalogued):
    held = lines(exported[2] / "a.jsonl")
    assert [each["id"] for each in held] == [each["id"] for each in sorted(held, key=_place)]
    assert {each["id"]: each for each in held} == {
        name: expected(row) for name, row in catalogued.items()
    }


def _place(held):
    page, _, number = held["id"].partition("~")[0].rpartition("/")
    return page, int(number)


def test_csv_tells_the_same(exported, catalogued):
    with (exported[2] / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        held = {each["id"]: each for each in csv.DictReader(file)}
    assert held.keys() == catalogued.keys()
    for name, row in catalogued.items():
        wanted = expected(row) | {"version": "1"}
        wanted["reporters"] = "、".join(wanted["reporters"])
        wanted["correspondents"] = "、".join(wanted["correspondents"])
        assert held[name] == wanted


def test_parquet_tells_the_same(exported, catalogued):
    held = parquet.read_table(exported[2] / "a.parquet").to_pylist()
    for each in held:
        for name in ("snapshot_time", "first_seen"):
            each[name] = each[name].isoformat(timespec="microseconds")
    assert {each["id"]: each for each in held} == {
        name: expected(row) for name, row in catalogued.items()
    }


def test_warc_has_the_pages_and_their_pictures_as_they_are_stored(exported, catalogued):
    newsroom, _server, out = exported
    path = out / "a.warc.gz"
    with path.open("rb") as stream:
        answers = records(stream, WarcRecordType.response)
        stream.seek(0)
        asked = records(stream, WarcRecordType.request)
        stream.seek(0)
        [(_info, info)] = records(stream, WarcRecordType.warcinfo)
    ids = {each["record_id"] for each in catalogued.values()}
    assert {each.record_id for each, _body in answers} >= ids
    urls = {each.headers["WARC-Target-URI"] for each, _body in answers}
    assert urls == {row["final"] for row in catalogued.values()} | pictures(catalogued.values())
    assert len(pictures(catalogued.values())) > 10
    assert len(asked) == len(answers) == len(urls)
    assert b"description: 90 snapshots: hangzhou_daily\r\n" in info
    whole = b"".join(each.read_bytes() for each in archive_files(Home(newsroom.home).snapshots))
    assert all(member in whole for member in _members(path.read_bytes())[1:])


def _members(data):
    """The gzip members of a file, as they are stored."""
    starts = [at for at in range(len(data)) if data[at : at + 3] == b"\x1f\x8b\x08"]
    ends = [*starts[1:], len(data)]
    return [data[start:end] for start, end in zip(starts, ends, strict=True)]


def test_wacz_has_an_index_by_which_every_capture_is_found(exported, catalogued):
    with zipfile.ZipFile(exported[2] / "a.wacz") as package:
        assert package.testzip() is None
        warc = package.read("archive/data.warc.gz")
        packed = package.read("indexes/index.cdx.gz")
        blocks = package.read("indexes/index.idx").decode().splitlines()
        pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()]
        stored = {each.filename: each.compress_type for each in package.infolist()}
    index = gzip.decompress(packed).decode().splitlines()
    assert index == sorted(index)
    found = set()
    for line in index:
        said = json.loads(line.split(" ", 2)[2])
        at, length = int(said["offset"]), int(said["length"])
        [(record, body)] = records(io.BytesIO(warc[at : at + length]), WarcRecordType.response)
        assert record.headers["WARC-Target-URI"] == said["url"]
        assert said["digest"] == f"sha256:{sha256(body).hexdigest()}"
        found.add(said["url"])
    assert found >= {row["final"] for row in catalogued.values()}
    unpacked = []
    for block in blocks[1:]:
        said = json.loads(block.split(" ", 2)[2])
        some = packed[said["offset"] : said["offset"] + said["length"]]
        assert said["digest"] == f"sha256:{sha256(some).hexdigest()}"
        packed_lines = gzip.decompress(some).decode().splitlines()
        assert packed_lines[0].startswith(block.partition(" {")[0])
        unpacked += packed_lines
    assert unpacked == index
    assert stored["archive/data.warc.gz"] == stored["indexes/index.cdx.gz"] == zipfile.ZIP_STORED
    assert pages[0]["format"] == "json-pages-1.0"
    assert {each["title"] for each in pages[1:]} == {
        row["headline"].replace("\n", " ") for row in catalogued.values()
    }
    assert {each["text"] for each in pages[1:]} == {row["body"] for row in catalogued.values()}


def test_a_package_says_what_it_is_and_what_it_was_allowed(exported):
    with zipfile.ZipFile(exported[2] / "a.wacz") as package:
        raw = package.read("datapackage.json")
        signed = json.loads(package.read("datapackage-digest.json"))
        said = json.loads(raw)
        for each in said["resources"]:
            content = package.read(each["path"])
            assert each["hash"] == f"sha256:{sha256(content).hexdigest()}"
            assert each["bytes"] == len(content)
    assert signed == {
        "path": "datapackage.json",
        "hash": f"sha256:{sha256(raw).hexdigest()}",
    }
    assert said["wacz_version"] == "1.1.1"
    assert said["newscrawl"]["policy"] == {"hangzhou_daily": "full"}


def test_a_query_exports_what_it_finds(exported, tmp_path):
    newsroom, _server, _out = exported
    out = tmp_path / "a.jsonl"
    done = newsroom.run("newscrawl", "export", "杭州", "-o", str(out))
    assert done.returncode == 0, done.stderr
    found = newsroom.search("杭州", "--all", "--limit", "100")
    ids = {each["id"] for each in lines(out)}
    assert ids == {each["id"] for each in found["results"]}
    assert 0 < len(ids) < 80
