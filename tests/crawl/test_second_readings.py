"""A later run of an edition that is held: it sees an outage, a new layout, and what was lost."""

from __future__ import annotations

import shutil

import pytest

from newscrawl.home import Home
from newscrawl.ops.place import paper_lock
from tests.crawl.twisted import EMPTY, html, twisted
from tests.crawls import Newsroom

PASSWORD = "geheim99"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """One held edition for every case: none of them changes what is held."""
    with twisted(tmp_path_factory.mktemp("home"), {}) as (room, server, site):
        first = room.crawl(server.url)
        assert first.returncode == 0, first.stderr
        yield room, server, site


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"page_detail": html(b"", status=500)}, "HTTP 500"),
        ({"page_detail": html(b"", status=404)}, "HTTP 404"),
        ({"page_detail": html(b"")}, "the page is empty"),
        ({"page_detail": html(EMPTY)}, "12 of 12 pages without"),
        ({"page_view": html(EMPTY), "article_list": html(EMPTY)}, "12 of 12 pages without"),
    ],
    ids=["500", "404", "empty", "no frames", "empty lists"],
)
def test_a14_pages_that_answer_nothing_of_use_are_a_failure_also_of_a_held_edition(
    whole, answers, said
):
    room, server, site = whole
    site.answers = answers
    done = room.crawl(server.url)
    site.answers = {}
    assert done.returncode == 1
    assert said in done.stderr
    assert "90/90 篇" in done.stdout


def test_f2_what_a_killed_indexer_left_is_found_after_the_next_run_even_without_news(whole):
    room, server, _site = whole
    shutil.rmtree(Home(room.home).indexes / Home(room.home).indexes.joinpath("CURRENT").read_text())
    (Home(room.home).indexes / "CURRENT").unlink()
    assert room.crawl(server.url).returncode == 0
    assert room.search("date:2023-12-15", "--limit", "1")["total"] == 90


def test_an_import_beside_a_crawl_of_the_same_paper_says_that_nothing_was_imported(tmp_path):
    (tmp_path / "a.jsonl").write_text(
        '{"id": "1", "date": "2023-12-01", "title": "一", "text": "二"}\n'
    )
    home = Home(tmp_path / "home")
    home.run.mkdir(parents=True)
    with paper_lock(home, "express"):
        done = Newsroom(home.root).run(
            "newscrawl", "import", str(tmp_path / "a.jsonl"), "--paper", "express"
        )
    assert done.returncode == 1
    assert "express: already running: nothing was imported" in done.stderr


def test_j6_a_password_in_the_address_is_refused_and_goes_nowhere(tmp_path):
    done = Newsroom(tmp_path).crawl(f"http://reader:{PASSWORD}@127.0.0.1:9")
    assert done.returncode == 2
    assert "leave it out" in done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    assert all(
        PASSWORD.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    )


def test_f12_a_catalogue_that_cannot_be_written_or_is_damaged_is_one_line(whole, tmp_path):
    room, server, _site = whole
    home = shutil.copytree(room.home, tmp_path / "home")
    catalogue = Home(home).catalogue
    content = catalogue.read_bytes()
    catalogue.write_bytes(content[:100] + b"\xff" * 8000 + content[8100:])
    done = Newsroom(home, room.environment).crawl(server.url)
    assert done.returncode == 1
    assert str(catalogue) in done.stderr
    assert "newscrawl doctor" in done.stderr
    assert "Traceback" not in done.stderr
