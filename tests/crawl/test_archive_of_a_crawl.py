"""Every body that the site sent is in the archive, read by another library than wrote it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from newscrawl.archive.check import check_file
from newscrawl.archive.layout import archive_files
from newscrawl.catalogue import snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.demo.skins import LEGACY
from newscrawl.home import Home
from tests.crawls import demo


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("home"))
    with demo(home.root, LEGACY) as (newsroom, _site, server):
        done = newsroom.crawl(server.url)
        assert done.returncode == 0, done.stderr
        return home, list(server.requests)


def records(home, kind):
    for path in archive_files(home.snapshots):
        with path.open("rb") as stream:
            yield from ArchiveIterator(stream, kind, parse_http=True)


def test_the_payloads_are_the_bodies_that_were_sent(crawled):
    home, served = crawled
    sent = Counter((each.length, each.sha256) for each in served)
    payloads = (record.reader.read() for record in records(home, WarcRecordType.response))
    kept = Counter((len(body), hashlib.sha256(body).hexdigest()) for body in payloads)
    assert kept == sent
    assert len(served) > 150


def test_every_request_names_its_host_and_who_asks(crawled):
    home, served = crawled
    asked = [
        (record.http_headers["Host"].partition(":")[0], record.http_headers["User-Agent"])
        for record in records(home, WarcRecordType.request)
    ]
    assert Counter(asked) == Counter(("127.0.0.1", each.user_agent) for each in served)


def test_warcio_check_and_our_own_pass(crawled):
    home, _served = crawled
    for path in archive_files(home.snapshots):
        command = [sys.executable, "-m", "warcio.cli", "check", str(path)]
        assert subprocess.run(command, check=False, capture_output=True).returncode == 0
        assert check_file(path).ok


def test_there_is_a_catalogue_row_for_every_response_and_no_other(crawled):
    home, _served = crawled
    catalogue = Catalogue.open(home.catalogue)
    with catalogue.read() as connection:
        rows = snapshots.counts_by_file(connection)
    catalogue.close()
    held = {
        str(path.relative_to(home.snapshots)): check_file(path).records["response"]
        for path in archive_files(home.snapshots)
    }
    assert rows == held


def test_no_file_is_left_open(crawled):
    home, _served = crawled
    assert not list(home.snapshots.rglob("*.open"))
