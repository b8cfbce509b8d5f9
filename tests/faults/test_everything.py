"""kill -9 at random moments of crawl, commit, seal, takedown and backup, in a home that goes on."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from newscrawl.archive.layout import archive_files, open_files
from newscrawl.archive.reader import iterate
from newscrawl.catalogue import tombstones, versions
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.schema import snapshots
from newscrawl.demo.server import serve
from newscrawl.home import Home
from newscrawl.index.search import Searcher, SearchRequest
from newscrawl.ops.backup.checking import check
from newscrawl.ops.backup.restoring import restore
from newscrawl.ops.doctor import examine
from newscrawl.ops.recovery import CAPTURES
from newscrawl.ops.sealing import seal
from newscrawl.ops.verification import verify
from tests.crawls import Newsroom, crawl_words
from tests.faults import press, state
from tests.faults.ending import SEAL
from tests.faults.killing import Job, commits_cut_off, cut_off
from tests.faults.press import Told
from tests.faults.rounds import few_or_full, rounds
from tests.takedown import probe

pytestmark = pytest.mark.fault
LIFE = 10
"""Rounds that a home lives."""
WORK = ("crawl", "import", "seal", "takedown", "backup")
ERASING = (("erase",), ("erase",), ("erase", "--legal-hold"))
SCOPES = (("hide",), ("redact",), *ERASING)


@dataclass
class Life:
    """A home, what must be found in it, and what must not."""

    room: Newsroom
    vault: Path
    site: str
    chance: random.Random
    held: dict[str, Told] = field(default_factory=dict)
    gone: dict[str, Told] = field(default_factory=dict)
    erased: dict[str, Told] = field(default_factory=dict)
    """Those of them that no byte may be left of."""
    day: int = 0

    @property
    def home(self) -> Home:
        return Home(self.room.home)

    def crawl(self) -> tuple[str, ...]:
        return tuple(crawl_words(self.site, day=press.day(self.day)))

    def bring(self) -> tuple[str, ...]:
        bag = press.bag_of_letters(self.vault.with_name(f"信{self.day}.jsonl.gz"), self.day)
        return ("newscrawl", "import", bag, "--paper", "letters")

    def back_up(self) -> tuple[str, ...]:
        return ("newscrawl", "backup", str(self.vault), "--with-secrets")

    def seal(self) -> tuple[str, ...]:
        """Of what lay there before this day: ended at one of its few steps."""
        return self.ending(self.chance.randint(1, 2), 0.01, SEAL, str(self.day))

    def ending(self, number: int, most: float, *words: str) -> tuple[str, ...]:
        """One that ends itself at a change of what is kept, or so many seconds later at most."""
        seconds = self.chance.choice((0, self.chance.uniform(0, most)))
        log = str(self.vault.with_name("ends"))
        return ("tests.faults.ending", log, str(number), str(seconds), *words)

    def take_down(self, told: Told, scope: tuple[str, ...]) -> tuple[str, ...]:
        by_url = bool(told.url) and self.chance.random() < 0.5
        wanted = f"{self.site}{told.url}" if by_url else told.id
        return ("newscrawl", "takedown", wanted, "--reason", "asked", "--scope", *scope)

    def add(self) -> None:
        """What this day has brought."""
        for each in (*press.printed(self.day), *press.letters(self.day)):
            self.held[each.id] = each
        self.day += 1

    def remove(self, told: Told, scope: tuple[str, ...]) -> None:
        self.gone[told.id] = self.held.pop(told.id)
        if "erase" in scope:
            self.erased[told.id] = told


def done(room, *words):
    """Its output; it must have gone well."""
    ended = room.run(*words)
    assert ended.returncode == 0, (words, ended.stdout, ended.stderr)
    return ended.stdout


def a_first_day(life):
    """Seconds that each kind of work takes that is let alone."""
    took = {}
    for name, words in (("crawl", life.crawl()), ("import", life.bring())):
        began = time.monotonic()
        done(life.room, *words)
        took[name] = time.monotonic() - began
    life.add()
    told = life.held[life.chance.choice(sorted(life.held))]
    for name, words in (
        ("takedown", life.take_down(told, ("erase",))),
        ("backup", life.back_up()),
    ):
        began = time.monotonic()
        done(life.room, *words)
        took[name] = time.monotonic() - began
    life.remove(told, ("erase",))
    return took | {"seal": took["takedown"]}


def a_day_with_kills(life, took):
    """Everything at once, or what takes down and copies after the rest, and all of it killed."""
    chance = life.chance
    step = chance.random() < 0.6  # else anywhere: most of its time it writes the index
    told = life.held[chance.choice(sorted(life.held))]
    scope = chance.choice(ERASING if step else SCOPES)
    words = {
        "crawl": life.crawl(),
        "import": life.bring(),
        "seal": life.seal(),
        "takedown": life.take_down(told, scope),
        "backup": life.back_up(),
    }
    begins = dict.fromkeys(WORK, 0.0)
    ends = {name: took[name] * chance.uniform(0.2, 1.0) for name in WORK}
    ends["seal"] = 2 * took["seal"]
    if step:
        _newscrawl, *rest = words["takedown"]
        words["takedown"] = life.ending(chance.randint(1, 14), 0.01, *rest)
        ends["takedown"] = 2 * took["takedown"]
    apart = step or chance.random() < 0.6  # an erasure waits for a crawl: most are let go on
    later = max(ends["crawl"], ends["import"]) if apart else chance.uniform(0, took["crawl"] / 2)
    for name in ("takedown", "backup"):
        begins[name], ends[name] = later, later + ends[name]
    jobs = [Job(each, words[each], begins[each], ends[each]) for each in WORK]
    with commits_cut_off(life.home.root, lambda: chance.uniform(0, 1.5)) as commits:
        killed = cut_off(life.room, jobs)
    return killed + commits, told, scope


def the_day_after(life, told, scope):
    """As a person would: everything once more, and an erasure to its end."""
    present = datetime.now(UTC) + timedelta(days=life.day)
    seal(life.home, present)  # what comes below is for the next one to seal
    done(life.room, *life.crawl())
    done(life.room, *life.bring())
    assert seal(life.home, present).troubles == []  # what is erased is of a sealed day, mostly
    life.add()
    if told.id in ordered(life.home):
        done(life.room, "newscrawl", "takedown", "--resume")
    else:
        done(life.room, *life.take_down(told, scope))
    life.remove(told, scope)
    done(life.room, *life.back_up())


def ordered(home):
    """The articles that whole lines of the tombstones name."""
    path = home.root / "tombstones.jsonl"
    *lines, _rest = path.read_text(encoding="utf-8").split("\n")
    return {each for line in lines for each in json.loads(line)["articles"]}


def judge(life, home, *, index=True):
    """Nothing is lost, nothing is there twice, and what is taken down is nowhere."""
    state.check(home.root)
    assert open_files(home.snapshots) == []
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        assert verify(home, catalogue).faults == []
        captures_are_once(home, catalogue)
        articles_are_once(life, catalogue)
        if index:
            searching(life, home, catalogue)
    assert [each for each in examine(home) if index or each.part != "index"] == []
    assert probe.found(home.root, [each.sentence for each in life.erased.values()]) == {}


def captures_are_once(home, catalogue):
    records = Counter(
        record.record_id
        for file in archive_files(home.snapshots)
        for record in iterate(file)
        if record.type in CAPTURES
    )
    with catalogue.read() as view:
        rows = Counter(view.scalars(select(snapshots.c.record_id).where(snapshots.c.path != "")))
    assert records == rows
    assert set(records.values()) == {1}


def articles_are_once(life, catalogue):
    with catalogue.read() as view:
        live = list(versions.streamed(view, sorted(versions.live_among(view, range(10**5)))))
        stones = tombstones.listed(view)
    assert Counter(each.article_id for each in live) == Counter(life.held.keys())
    for each in live:
        assert life.held[each.article_id].sentence in each.article.body
    assert len(stones) == len(life.gone)
    assert {each.state for each in stones} == {"done"}


def searching(life, home, catalogue):
    with closing(Searcher(home, catalogue)) as searcher:

        def total(query):
            return searcher.search(SearchRequest(query)).total

        assert searcher.count() == len(life.held)
        assert total("恢复通航 OR 收到了来信") == len(life.held)
        for each in life.gone.values():
            assert total(f'"{each.sentence[:-1]}"') == 0
        sample = life.chance.sample(sorted(life.held), 10)
        assert [total(f'"{life.held[each].sentence[:-1]}"') for each in sample] == [1] * 10


def test_f1_f2_f13_i5_whatever_is_killed_nothing_is_lost_or_doubled_or_comes_back(tmp_path):
    killed, life, took = Counter(), None, {}
    with serve(press.site(LIFE + 1)) as server:
        allowed = {"NEWSCRAWL_ALLOW_PRIVATE": urlsplit(server.url).netloc}
        for number in rounds(3, 100):
            if number % LIFE == 0:
                place = tmp_path / str(number)
                place.mkdir()
                room = Newsroom(place / "家", allowed)
                life = Life(room, place / "备份", server.url, random.Random(number))
                took = a_first_day(life)
                judge(life, life.home)
            now, told, scope = a_day_with_kills(life, took)
            killed += now
            the_day_after(life, told, scope)
            judge(life, life.home)
            if number % 4 == 2:
                restored(life, number)
    ends = Counter(
        line for path in tmp_path.rglob("ends") for line in path.read_text().splitlines()
    )
    print(dict(killed), dict(sorted(ends.items())))  # shown by -s, and where it fails
    met = {"commit", *WORK} - ({"commit", "seal"} if few_or_full(1, 0) else set())
    assert all(killed[each] for each in met), "of few rounds none may meet indexer and sealing"


def restored(life, number):
    """The backup that was made last, elsewhere."""
    assert check(life.vault).problems == ()
    home = Home(life.vault.with_name(f"恢复{number}"))
    assert restore(life.vault, home).problems == []
    judge(life, home, index=False)
