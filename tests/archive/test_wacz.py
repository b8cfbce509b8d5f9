"""A package as its readers take it apart; tests/crawl/test_replay.py lets the real ones do it."""

from __future__ import annotations

import gzip
import json
import zipfile
from hashlib import sha256
from io import BytesIO

import pytest

from newscrawl.archive import wacz
from newscrawl.archive.copying import Page
from newscrawl.archive.reader import iterate
from newscrawl.archive.wacz import write_wacz
from tests.archive.samples import snapshot, written

ABOUT = {"title": "渡口", "description": "three pages", "newscrawl": {"policy": {"x": "full"}}}


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of three pages whose index is in blocks of two lines."""
    monkeypatch.setattr(wacz, "BLOCK", 2)
    urls = [f"https://paper.example/{number}.html" for number in (3, 1, 2)]
    path = written(tmp_path, *(snapshot(url=url) for url in urls))
    name = str(path.relative_to(tmp_path))
    starts = [each.offset for each in iterate(path) if each.type == "response"]
    pages = [
        Page(url[-6:], url, "2023-12-15T09:02:03.5+08:00", f"渡口 {url}", "文", ((name, start),))
        for url, start in zip(urls, starts, strict=True)
    ]
    out = BytesIO()
    assert write_wacz(out, tmp_path, pages, tmp_path, ABOUT) == 6
    return zipfile.ZipFile(out)


def test_the_index_of_blocks_finds_every_line_in_order(package):
    header, *blocks = package.read("indexes/index.idx").decode().splitlines()
    assert header == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    packed = package.read("indexes/index.cdx.gz")
    found = []
    for block in blocks:
        said = json.loads(block.split(" ", 2)[2])
        some = packed[said["offset"] : said["offset"] + said["length"]]
        assert said["digest"] == f"sha256:{sha256(some).hexdigest()}"
        found.append(gzip.decompress(some).decode().splitlines())
        assert found[-1][0].startswith(block.partition(" {")[0])
    assert [len(each) for each in found] == [2, 1]
    keys = [line.split(" ")[0] for lines in found for line in lines]
    assert keys == [f"example,paper)/{number}.html" for number in (1, 2, 3)]


def test_pages_stay_in_their_order_with_their_times_in_utc(package):
    header, *pages = map(json.loads, package.read("pages/pages.jsonl").splitlines())
    assert header == {
        "format": "json-pages-1.0",
        "id": "pages",
        "title": "All Pages",
        "hasText": True,
    }
    assert [each["id"] for each in pages] == ["3.html", "1.html", "2.html"]
    assert {each["ts"] for each in pages} == {"2023-12-15T01:02:03Z"}
    assert (pages[0]["title"], pages[0]["text"]) == ("渡口 https://paper.example/3.html", "文")


def test_every_file_but_the_list_itself_is_listed_with_its_digest(package):
    listed = json.loads(package.read("datapackage.json"))
    assert {key: listed[key] for key in ABOUT} == ABOUT
    names = {each["path"] for each in listed["resources"]}
    assert names == set(package.namelist()) - {"datapackage.json", "datapackage-digest.json"}
    for each in listed["resources"]:
        content = package.read(each["path"])
        assert each["hash"] == f"sha256:{sha256(content).hexdigest()}"
        assert each["bytes"] == len(content)


def test_the_directory_tells_of_an_extra_field_where_one_stands_before_the_bytes(package):
    """Else ReplayWeb.page looks for the bytes some twenty bytes too early."""
    entries = [each for each in package.infolist() if "datapackage" not in each.filename]
    assert len(entries) == 4
    assert all(each.extra for each in entries)
    assert package.testzip() is None
