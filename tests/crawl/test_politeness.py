"""One pace per host, by the server's own log, however many processes ask."""

from __future__ import annotations

from itertools import pairwise

import pytest

from newscrawl.demo.edition import load_edition
from newscrawl.demo.paths import HANGZHOU_DAILY, METRO_EXPRESS
from newscrawl.demo.server import serve
from newscrawl.demo.site import Host, Site
from tests.crawls import FIRST, Newsroom, crawl_words

DELAY = 0.08
SLACK = 0.03
"""What a loaded machine may take between a turn and the arrival at the server."""


@pytest.mark.slow
def test_two_papers_on_one_host_share_its_pace(tmp_path):
    papers = {"hangzhou_daily": HANGZHOU_DAILY, "metro_express": METRO_EXPRESS}
    sites = [Site({FIRST: load_edition("first")}, paper=paper) for paper in papers.values()]
    with serve(Host(*sites)) as server:
        room = Newsroom(
            tmp_path,
            {
                "NEWSCRAWL_ALLOW_PRIVATE": server.url.partition("//")[2],
                "NEWSCRAWL_DOWNLOAD_DELAY": str(DELAY),
                "NEWSCRAWL_FETCH_IMAGES": "0",
            },
        )
        running = [room.start(*crawl_words(server.url, paper=name)) for name in papers]
        for process in running:
            out, err = process.communicate(timeout=120)
            assert process.returncode == 0, err + out
        served = server.requests
    arrivals = sorted(each.arrived for each in served)
    gaps = [later - earlier for earlier, later in pairwise(arrivals)]
    assert len(served) > 2 * 89
    assert sum(gaps) / len(gaps) >= DELAY * 0.98
    close = sum(gap < DELAY - SLACK for gap in gaps)
    assert close <= len(gaps) // 20
