"""Yesterday's backup of the catalogue is put back, and the papers are crawled again."""

from __future__ import annotations

import json
import shutil

import pytest

from newscrawl.catalogue import matches, sqlite, versions
from newscrawl.catalogue.connection import Catalogue
from tests.alerts.channels.sinks import answering, serving
from tests.crawl.test_alerts import subscribed, until, with_alerts
from tests.crawls import FIRST, SECOND, demo
from tests.faults import state

pytestmark = pytest.mark.slow
QUERY = "杭州"


def settled(told):
    """Everything is matched, and nothing is to be sent any more."""

    def done():
        with told.catalogue.read() as view:
            matched = matches.matched(view) >= versions.newest_seq(view)
        return matched and not {each.state for each in told.outbox()} & {"waiting", "leased"}

    until(done)


def answers(newsroom):
    found = newsroom.search(QUERY, "--all", "--limit", "50")
    return found["total"], sorted(each["id"] for each in found["results"])


def by_hand(newsroom, kept):
    """As docs/alerts.md says."""
    path = newsroom.home / "newscrawl.db"
    for each in newsroom.home.glob("newscrawl.db*"):
        each.unlink()
    shutil.copy(kept, path)
    newsroom.run("newscrawl", "doctor", "--repair")  # its status tells that there was something


def by_restore(newsroom, vault):
    def done():
        said = newsroom.run("newscrawl", "restore", str(vault), "--force")
        assert said.returncode == 0 or "at work" in said.stderr, said.stderr
        return said.returncode == 0

    until(done)  # whoever matches or sends ends by itself


def keep_by_hand(newsroom, kept):
    sqlite.back_up(newsroom.home / "newscrawl.db", kept)


def keep_by_backup(newsroom, vault):
    done = newsroom.run("newscrawl", "backup", str(vault))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("keep", "put_back"), [(keep_by_hand, by_hand), (keep_by_backup, by_restore)]
)
def test_f13_after_yesterdays_backup_the_next_crawl_converges_and_tells_nothing_again(
    tmp_path, keep, put_back
):
    with serving(answering()) as sink, demo(tmp_path / "home") as (plain, _site, server):
        newsroom = with_alerts(plain, sink.port)
        told = subscribed(newsroom.home, sink.port, QUERY)
        newsroom.crawl(server.url, "alert=1", day=SECOND)
        settled(told)
        keep(newsroom, tmp_path / "backup")
        assert newsroom.crawl(server.url, "alert=1", day=FIRST).returncode == 0
        settled(told)
        before, sent = answers(newsroom), len(sink.got)
        assert sent > 5
        told.catalogue.close()
        put_back(newsroom, tmp_path / "backup")
        told.catalogue = Catalogue.open(newsroom.home / "newscrawl.db")
        done = newsroom.run("newscrawl", "reindex")
        assert done.returncode == 0, done.stderr
        again = newsroom.crawl(server.url, "alert=1", day=FIRST)
        assert again.returncode == 0, again.stderr
        settled(told)
        assert answers(newsroom) == before
        assert len(sink.got) == sent, json.dumps([each.key for each in told.outbox()])
        ended = {(each.state, each.error) for each in told.outbox()}
        assert ended == {("sent", None), ("cancelled", "told before")}
        told.catalogue.close()
    state.check(newsroom.home)
