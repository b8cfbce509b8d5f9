"""The archive and its exports in the tools that replay web archives: those of `make replay`."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
import uvicorn
from fastwarc.warc import ArchiveIterator, WarcRecordType
from playwright.sync_api import Page as PlaywrightPage
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import sync_playwright
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from newscrawl.archive import cdxj
from newscrawl.archive.layout import archive_files
from newscrawl.demo.skins import LEGACY
from newscrawl.home import Home
from tests.archive.test_surt import KEYS
from tests.crawls import PROJECT, demo

TOOLS = PROJECT / ".replay"
BIN = TOOLS / "bin"
CHROMIUM = Path("/usr/bin/chromium")
SECONDS = 60
LOADS = 4
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (BIN / "wayback").exists(), reason="no pywb: `make replay` brings it"),
]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """A crawled home, its newsroom, and the directory with its exports."""
    home, out = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("out")
    with demo(home, LEGACY) as (newsroom, _site, server):
        done = newsroom.crawl(server.url)
        assert done.returncode == 0, done.stderr
    assert newsroom.run("newscrawl", "policy", "set", "full").returncode == 0
    for name in ("a.wacz", "a.warc.gz"):
        done = newsroom.run("newscrawl", "export", "-o", str(out / name))
        assert (done.returncode, done.stderr) == (0, "")
    return Home(home), out


def run(tool: str, *words: object, cwd: Path | None = None) -> str:
    done = subprocess.run(
        [BIN / tool, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def answers(path: Path) -> list[tuple[str, str, str, bytes]]:
    """`(url, fourteen digits, type, body)` of every good answer of a file, by another reader."""
    with path.open("rb") as stream:
        return [
            (
                record.headers["WARC-Target-URI"],
                f"{record.record_date:%Y%m%d%H%M%S}",
                record.http_content_type or "",
                record.reader.read(),
            )
            for record in ArchiveIterator(stream, WarcRecordType.response, parse_http=True)
            if record.http_headers.status_code == 200
        ]


def test_our_index_of_every_file_is_that_of_cdxj_indexer(crawled):
    home, out = crawled
    paths = [*archive_files(home.snapshots), out / "a.warc.gz"]
    assert len(paths) >= 2
    for path in paths:
        assert "".join(cdxj.lines(path)) == run("cdxj-indexer", path)


def test_our_keys_are_those_of_the_usual_library():
    program = "import json, sys, surt; print(json.dumps([surt.surt(url) for url in sys.argv[1:]]))"
    said = run("python", "-W", "ignore", "-c", program, *KEYS)
    assert dict(zip(KEYS, json.loads(said), strict=True)) == KEYS


def test_wacz_is_valid_by_its_own_tool_and_a_changed_byte_is_not(crawled, tmp_path):
    _home, out = crawled
    assert "is valid" in run("wacz", "validate", "-f", out / "a.wacz")
    spoilt = tmp_path / "spoilt.wacz"
    with zipfile.ZipFile(out / "a.wacz") as whole, zipfile.ZipFile(spoilt, "w") as package:
        for each in whole.infolist():
            content = whole.read(each)
            changed = content.replace(b"20231215", b"20231216")
            package.writestr(each, changed if each.filename.startswith("pages/") else content)
    done = subprocess.run(
        [BIN / "wacz", "validate", "-f", spoilt], capture_output=True, text=True, check=False
    )
    assert "is valid" not in done.stdout


@contextmanager
def wayback(directory: Path) -> Iterator[int]:
    """pywb serving the collections of a directory; its port on loopback."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (directory / "log").open("wb") as log:
        served = subprocess.Popen(
            [BIN / "wayback", "-b", "127.0.0.1", "-p", str(port), "-d", str(directory)],
            stdout=log,
            stderr=log,
        )
    try:
        _await(served, port, directory / "log")
        yield port
    finally:
        served.terminate()
        served.wait(SECONDS)


def _await(served: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert served.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"pywb does not answer: {log.read_text()}")


def replayed(port: int, collection: str, moment: str, url: str) -> bytes:
    """The body as it is stored: `id_` leaves it as it is."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    headers = {"Accept-Encoding": "gzip, deflate, br"}  # else pywb takes the coding off
    connection.request("GET", f"/{collection}/{moment}id_/{url}", headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200, body[:500]
    return body


def test_the_archive_is_replayed_by_pywb_as_it_lies_there(crawled, tmp_path):
    """`ours`: where our index says; `theirs`: where pywb itself finds it."""
    home, _out = crawled
    paths = archive_files(home.snapshots)
    index = [
        line for path in paths for line in cdxj.lines(path, str(path.relative_to(home.snapshots)))
    ]
    (tmp_path / "index.cdxj").write_text("".join(sorted(index)), encoding="utf-8")
    config = {
        "collections": {
            "ours": {
                "index_paths": str(tmp_path / "index.cdxj"),
                "archive_paths": f"{home.snapshots}/",
            }
        }
    }
    (tmp_path / "config.yaml").write_text(json.dumps(config))  # JSON is YAML
    run("wb-manager", "init", "theirs", cwd=tmp_path)
    run("wb-manager", "add", "theirs", *paths, cwd=tmp_path)
    held = [each for path in paths for each in answers(path)]
    articles = [each for each in held if "article_detail" in each[0]]
    pictures = [each for each in held if each[2].startswith("image/")]
    assert len(articles) > 80
    assert len(pictures) > 10
    with wayback(tmp_path) as port:
        for url, moment, _type, body in (*articles, *pictures):
            assert replayed(port, "ours", moment, url) == body
        for url, moment, _type, body in (articles[0], pictures[0]):
            assert replayed(port, "theirs", moment, url) == body


EMBEDDED = """<!doctype html>
<meta charset="utf-8">
<script src="replay/ui.js"></script>
<replay-web-page source="/a.wacz" url="{url}" style="height: 600px">
</replay-web-page>
"""


@contextmanager
def served(directory: Path) -> Iterator[str]:
    """The address of a server on loopback for the files of a directory, and for ranges of them."""
    files = Starlette(routes=[Mount("/", StaticFiles(directory=directory, html=True))])
    server = uvicorn.Server(uvicorn.Config(files, log_level="error"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def is_shown(page: PlaywrightPage, address: str, headline: str) -> bool:
    """Whether a replayed page has a headline. Of a first visit ReplayWeb.page now and then shows
    nothing, for its service worker comes too late; who loads it again sees it.
    """
    page.goto(address)
    replay = page.frame_locator("iframe").frame_locator("iframe")
    try:
        replay.get_by_text(headline).first.wait_for(timeout=SECONDS * 1000 / LOADS)
    except PlaywrightTimeout:
        return False
    return True


@pytest.mark.skipif(
    not ((TOOLS / ".web").exists() and CHROMIUM.exists()),
    reason="no ReplayWeb.page or no chromium: `make replay` brings the one, Debian has the other",
)
def test_wacz_is_shown_by_replayweb_page_in_a_browser(crawled, tmp_path):
    _home, out = crawled
    (tmp_path / "replay").mkdir()
    for name in ("ui.js", "sw.js"):
        (tmp_path / "replay" / name).write_bytes((TOOLS / "package" / name).read_bytes())
    package = out / "a.wacz"
    (tmp_path / "a.wacz").write_bytes(package.read_bytes())
    with zipfile.ZipFile(package) as zipped:
        _header, page, *_ = map(json.loads, zipped.read("pages/pages.jsonl").splitlines())
    (tmp_path / "index.html").write_text(EMBEDDED.format(url=page["url"]), encoding="utf-8")
    with served(tmp_path) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        try:
            shown = browser.new_page()
            headline = page["title"].split()[0]
            assert any(is_shown(shown, f"{site}/index.html", headline) for _load in range(LOADS))
        finally:
            browser.close()
