"""The demo newspaper with some of its answers replaced."""

from __future__ import annotations

from contextlib import contextmanager

from newscrawl.demo.edition import load_edition
from newscrawl.demo.server import serve
from newscrawl.demo.site import Answer, Site
from tests.crawls import FIRST, Newsroom

HTML = ("Content-Type", "text/html; charset=utf-8")
VICTIM = "article_detail_1_20231215A012.html"
EMPTY = "<html><body>无</body></html>".encode()
FOLDER = "/hzrb/2023/12/15/"
INDEX = "page_list_20231215.html"


class Twisted(Site):
    """The demo site, some of whose answers are replaced: part of a path → answer."""

    def __init__(self, answers):
        super().__init__({FIRST: load_edition("first")})
        self.publish_late()
        self.answers = answers

    def answer(self, method, path, headers):
        for part, answer in self.answers.items():
            if part in path:
                return answer
        return super().answer(method, path, headers)

    def rewritten(self, name, old, new):
        """The page of this name, with one text in it in the place of another."""
        page = super().answer("GET", FOLDER + name, {}).body
        assert old.encode() in page
        return html(page.replace(old.encode(), new.encode()))


@contextmanager
def twisted(home, answers):
    """A newsroom, the address of the twisted site, and the site itself."""
    site = Twisted(answers)
    with serve(site) as server:
        allowed = {"NEWSCRAWL_ALLOW_PRIVATE": server.url.partition("//")[2]}
        yield Newsroom(home, allowed), server, site


def html(body, *more, status=200):
    return Answer(status, (HTML, *more), body)
