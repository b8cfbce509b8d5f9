"""A page may lack its list, its map or its frames: an advertisement does, a broken site too."""

from __future__ import annotations

from tests.crawl.twisted import EMPTY, html, twisted

PAGE = "_1_20231215A03.html"
NOT_FOUND = html(b"", status=404)


def crawl(home, answers):
    with twisted(home, answers) as (room, server, _site):
        return room.crawl(server.url)


def of_pages(wrong):
    """The answers for pages of which these kinds of documents are wrong."""
    return {
        f"{kind}_1_20231215{code}.html": answer
        for code, answers in wrong.items()
        for kind, answer in answers.items()
    }


def test_pages_with_neither_list_nor_areas_have_no_articles(tmp_path):
    without = {
        "A03": {"article_list": NOT_FOUND, "page_view": html(EMPTY)},
        "A04": {"page_detail": html(EMPTY)},
    }
    done = crawl(tmp_path, of_pages(without))
    assert done.returncode == 0, done.stderr
    assert "12/12 版  75/75 篇" in done.stdout
    assert done.stderr == ""


def test_pages_of_which_nothing_was_read_are_missed(tmp_path):
    missed = {
        "A03": {"page_detail": html(b"")},
        "A04": {"article_list": NOT_FOUND, "page_view": NOT_FOUND},
        "A05": {"article_list": NOT_FOUND, "page_view": html(b"")},
        "A06": {"article_list": html(b"", status=500), "page_view": html(EMPTY)},
    }
    done = crawl(tmp_path, of_pages(missed))
    assert done.returncode == 1
    assert "8/12 版" in done.stdout
    assert [code for code in missed if f"_1_20231215{code}.html" not in done.stderr] == []


def test_the_map_names_the_articles_of_a_page_without_a_list(tmp_path):
    done = crawl(tmp_path, {f"article_list{PAGE}": NOT_FOUND})
    assert done.returncode == 0, done.stderr
    assert "90/90 篇" in done.stdout
    assert done.stderr == ""


def test_too_many_pages_without_a_list_are_named_since_a_map_may_lack_articles(tmp_path):
    lists = [f"article_list_1_20231215A0{number}.html" for number in range(1, 6)]
    done = crawl(tmp_path, dict.fromkeys(lists, NOT_FOUND))
    assert done.returncode == 1
    assert "90/90 篇" in done.stdout
    assert [name for name in lists if f"{name}: HTTP 404" not in done.stderr] == []
