"""What a person changes is heeded by the matcher that runs, from the next article on."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager

from newscrawl.alerts.channels.addresses import parsed
from newscrawl.alerts.policy import Policy
from newscrawl.alerts.subscribing import Desk
from newscrawl.alerts.wishes import ME, Change, Wish
from newscrawl.catalogue import matches, versions
from newscrawl.home import Home
from newscrawl.query.limits import Limits
from tests.alerts.sent import KEY
from tests.makers import article, catalogue, record

IDLE = 120


@contextmanager
def matcher(home):
    process = subprocess.Popen(
        [sys.executable, "-m", "newscrawl.alerts", "match", str(home.root), "--idle", f"{IDLE}"],
        env={"PYTHONPATH": ":".join(filter(None, sys.path)), "NEWSCRAWL_SECRET_KEY": KEY},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def brought(made, process, *items):
    """Record articles, and wait until the matcher has looked at them."""
    record(made, *items)
    end = time.monotonic() + IDLE / 2
    while True:
        with made.read() as view:
            if matches.matched(view) == versions.newest_seq(view):
                return
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.02)


def fired(made, number):
    with made.read() as view:
        return [each.article_id[-1] for each in reversed(matches.newest(view, number, 99))]


def test_a_running_matcher_heeds_every_change_from_the_next_article_on(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSCRAWL_SECRET_KEY", KEY)
    home = Home(tmp_path)
    home.run.mkdir()
    made = catalogue(home.catalogue)
    desk = Desk(made, home, Policy(Limits(), 9, 9, ""), check=parsed)
    number = desk.subscribe(Wish("渡口", "渡口 -公园")).subscription.id
    with matcher(home) as process:
        brought(made, process, article(1))
        desk.edit(ME, "渡口", Change(query="公园", name="公园"))
        brought(made, process, article(2), article(3, paragraphs=["公园有渡口。"]))
        desk.edit(ME, "公园", Change(query="渡口"))
        brought(made, process, article(4))
        desk.pause(ME, "公园")
        brought(made, process, article(5))
        desk.resume(ME, "公园")
        brought(made, process, article(6))
        later = desk.subscribe(Wish("通航", "通航")).subscription.id
        brought(made, process, article(7))
        desk.remove(ME, "公园")
        brought(made, process, article(8))
        assert process.poll() is None
    assert fired(made, number) == ["1", "3", "4", "6", "7"]
    assert fired(made, later) == ["7", "8"]
    made.close()
