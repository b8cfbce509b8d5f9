"""Links of an edition that lead to another host are not followed, and said."""

from __future__ import annotations

import pytest

from newscrawl.demo.server import serve
from tests.crawl.test_hostile_servers import counted
from tests.crawl.twisted import FOLDER, INDEX, Twisted, twisted
from tests.crawls import Newsroom

KINDS = [
    (INDEX, "page_detail_1_20231215A03.html"),
    ("page_detail_1_20231215A03.html", "article_list_1_20231215A03.html"),
    ("article_list_1_20231215A03.html", "article_detail_1_20231215A031.html"),
]


@pytest.mark.parametrize(("page", "link"), KINDS, ids=["page", "frame", "article"])
def test_a3_a_link_to_another_host_is_not_followed_and_said(tmp_path, page, link):
    with twisted(tmp_path, {}) as (_room, server, site), serve(Twisted({})) as other:
        site.answers = {page: site.rewritten(page, f'"{link}"', f'"{other.url}{FOLDER}{link}"')}
        both = ",".join(url.partition("//")[2] for url in (server.url, other.url))
        done = Newsroom(tmp_path, {"NEWSCRAWL_ALLOW_PRIVATE": both}).crawl(server.url)
        assert other.requests == []
    assert done.returncode == 1
    assert f"{other.url}{FOLDER}{link}: a link to another host" in done.stderr
    assert counted(tmp_path, "refused/host") == 1


def test_pictures_may_come_from_another_host(tmp_path):
    with twisted(tmp_path, {}) as (_room, server, site), serve(Twisted({})) as other:
        view, image = "page_view_1_20231215A03.html", "page_image_1_20231215A03.png"
        site.answers = {view: site.rewritten(view, f'"{image}', f'"{other.url}{FOLDER}{image}')}
        both = ",".join(url.partition("//")[2] for url in (server.url, other.url))
        done = Newsroom(tmp_path, {"NEWSCRAWL_ALLOW_PRIVATE": both}).crawl(server.url)
        assert [each.path for each in other.requests if image in each.path]
    assert done.returncode == 0, done.stderr
