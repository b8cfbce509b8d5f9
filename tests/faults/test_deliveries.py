"""Messages on their way while the other side fails half of the time and ours is killed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict

import pytest

from newscrawl import settings
from newscrawl.catalogue.heard import TOLD_BEFORE
from newscrawl.home import Home
from tests.alerts.channels.sinks import request, serving
from tests.alerts.sent import KEY, Told, key_of
from tests.faults.rounds import few_or_full
from tests.makers import article, catalogue, record

pytestmark = pytest.mark.fault
KILLS = 3
SUBSCRIPTIONS = 50
DEAD = 5
"""Of so many subscriptions the first message is refused for good."""


class Unsteady:
    """Takes a request or refuses it, as a coin falls; never takes one and says that it has not.

    Those with the keys of `never` it refuses for good.
    """

    def __init__(self, seed):
        self.keys = []
        self.never = frozenset()
        self._chance = random.Random(seed)
        self._lock = threading.Lock()

    def __call__(self, sink, connection):
        got = request(connection)
        key = key_of(got)
        with self._lock:
            good = key not in self.never and self._chance.random() < 0.5
            if good:
                self.keys.append(key)
        status = "200 OK" if good else "410 Gone" if key in self.never else "503 Unavailable"
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())


def shown_dead(home):
    """The keys of what `newscrawl outbox` says is dead."""
    done = subprocess.run(
        [sys.executable, "-m", "newscrawl", "outbox", "--state", "dead", "--json"],
        env={**os.environ, "NEWSCRAWL_HOME": str(home.root)},
        capture_output=True,
        text=True,
        check=True,
    )
    return {each["key"] for each in json.loads(done.stdout)["deliveries"]}


def start(home, port, log):
    return subprocess.Popen(
        [sys.executable, "-m", "newscrawl.alerts", "deliver", str(home.root), "--idle", "900"],
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": ":".join(filter(None, sys.path)),
            "NEWSCRAWL_SECRET_KEY": KEY,
            "NEWSCRAWL_ALERTS_ALLOW_PRIVATE": f"127.0.0.1:{port}",
            "NEWSCRAWL_DELIVERY_RETRY_SECONDS": "0.001",
            "NEWSCRAWL_DELIVERY_LEASE_SECONDS": "2",
            "NEWSCRAWL_DELIVERY_TRIES": "60",
        },
        stdout=log,
        stderr=log,
    )


def test_h2_every_message_arrives_and_no_more_twice_than_were_on_their_way(tmp_path):
    home = Home(tmp_path / "home")
    home.run.mkdir(parents=True)
    articles = few_or_full(8, 200)
    told = Told(catalogue(home.catalogue))
    seed = random.randrange(10**6)
    chance, sink_talk = random.Random(seed), Unsteady(seed)
    with serving(sink_talk) as sink, (tmp_path / "log").open("wb") as log:
        for number in range(SUBSCRIPTIONS):
            told.subscribe("渡口", f"json://127.0.0.1:{sink.port}/{number}")
        record(told.catalogue, *map(article, range(1, articles + 1)))
        told.match()
        wanted = {each.key: each for each in told.outbox()}
        assert len(wanted) == articles * SUBSCRIPTIONS
        first = {each.subscription_id: each.key for each in reversed(wanted.values())}
        dead = sink_talk.never = frozenset(list(first.values())[:DEAD])
        for _ in range(KILLS):
            process = start(home, sink.port, log)
            reached = len(sink_talk.keys) + chance.randint(5, len(wanted) // (KILLS + 1))
            until = time.monotonic() + 120
            while len(sink_talk.keys) < reached and process.poll() is None:
                assert time.monotonic() < until, f"seed {seed}"
                time.sleep(0.001)
            process.kill()
            process.wait()
        process = start(home, sink.port, log)
        assert process.wait(600) == 0, (tmp_path / "log").read_text()
    arrived = Counter(sink_talk.keys)
    assert set(arrived) == set(wanted) - dead, f"seed {seed}"
    twice = sum(arrived.values()) - len(arrived)
    assert twice <= KILLS * settings.DELIVERIES_IN_FLIGHT, f"seed {seed}"
    states = {each.key: (each.state, each.error) for each in told.outbox()}
    # Noted in the journal, and killed before the catalogue knew: passed over, as it has arrived.
    passed = [key for key in arrived if states[key] == ("cancelled", TOLD_BEFORE)]
    assert len(passed) <= KILLS * settings.DELIVERIES_IN_FLIGHT
    assert {states[key] for key in arrived if key not in passed} == {("sent", None)}
    assert {states[key] for key in dead} == {("dead", "answered 410")}
    assert shown_dead(home) == dead
    told.catalogue.close()
    orders = defaultdict(list)
    for key in arrived:  # in the order in which each came first
        orders[wanted[key].subscription_id].append(wanted[key].id)
    assert all(order == sorted(order) for order in orders.values()), f"seed {seed}"
