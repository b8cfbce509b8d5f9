"""kill -9 at any moment of a backup, while a crawl and an import run: the last one is whole."""

from __future__ import annotations

import gzip
import json
import random
import shutil
import subprocess
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from newscrawl.archive.reader import read_record
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.schema import snapshots
from newscrawl.home import Home
from newscrawl.ops.backup.checking import check
from newscrawl.ops.backup.restoring import restore
from newscrawl.ops.backup.taking import Choice, back_up
from newscrawl.ops.backup.vault import Vault
from newscrawl.ops.doctor import examine
from newscrawl.ops.sealing import seal
from newscrawl.ops.verification import verify
from tests.crawls import Newsroom, crawl_words, demo
from tests.faults import state
from tests.faults.rounds import few_or_full, rounds
from tests.homes import small_home
from tests.makers import DAY, PAPER, article
from tests.takedown import probe

pytestmark = pytest.mark.fault
BROUGHT = 400


def lines(path, batch):
    """An archive of a village paper, to be imported."""
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for number in range(BROUGHT):
            text = f"第{number}户人家收到了第{batch}封信，信里说渡口的船第{number * 7 % 90}天才来。"
            made = {"id": f"{batch}-{number}", "date": "2023-12-01", "title": text[:12]}
            file.write(json.dumps({**made, "text": text}, ensure_ascii=False) + "\n")
    return str(path)


def unreadable(home):
    """Captures of the catalogue that the archive does not give back."""
    with closing(Catalogue.open(home.catalogue)) as catalogue, catalogue.read() as view:
        rows = view.execute(snapshots.select()).all()
    return [
        row.record_id
        for row in rows
        if read_record(home.snapshots, row.path, row.offset).record_id != row.record_id
    ]


def sound(vault, target):
    """The newest backup restored: every byte is there, every row has its record."""
    assert check(vault).problems == ()
    home = Home(target)
    assert restore(vault, home).problems == []
    assert unreadable(home) == []
    state.check(target)
    assert [each.what for each in examine(home) if each.part != "index"] == []


def test_f13_killed_at_random_moments_the_last_whole_backup_is_restored(tmp_path):
    chance, vault, killed = random.Random(20231216), tmp_path / "备份", 0
    with demo(tmp_path / "家") as (newsroom, _site, server):
        backup = ("newscrawl", "backup", str(vault))
        assert newsroom.crawl(server.url).returncode == 0
        began = time.monotonic()
        assert newsroom.run(*backup).returncode == 0
        whole = time.monotonic() - began
        for number in rounds(2, 100):
            brought = lines(tmp_path / "信.jsonl.gz", number)
            at_work = [
                newsroom.start(*crawl_words(server.url, "refresh=1")),
                newsroom.start("newscrawl", "import", brought, "--paper", "letters"),
            ]
            time.sleep(chance.uniform(0, 2))
            before = [each.name for each in Vault(vault).generations()]
            process = newsroom.start(*backup)
            try:
                process.communicate(timeout=whole * chance.uniform(0.3, 1.2))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                killed += 1
            after = [each.name for each in Vault(vault).generations()]
            assert set(before[-6:]) <= set(after)
            if number % few_or_full(2, 10) == 1:
                done = newsroom.run(*backup)
                assert done.returncode == 0, done.stdout + done.stderr
            sound(vault, tmp_path / f"恢复{number}")
            for each in at_work:
                said, wrong = each.communicate(timeout=180)
                assert each.returncode == 0, said + wrong
        assert newsroom.run(*backup).returncode == 0
        sound(vault, tmp_path / "恢复")
        done = newsroom.run("newscrawl", "doctor")
        assert done.returncode == 0, done.stdout
    assert killed


@pytest.mark.parametrize("lost", [(), ("manifests", "snapshots")])
@pytest.mark.parametrize("number", rounds(1, 12))
def test_i6_a_restore_that_is_killed_at_a_step_is_done_again(tmp_path, number, lost):
    """Of a day that was sealed, and from which something was erased since the backup."""
    room = Newsroom(small_home(tmp_path / "家").root)
    home, vault, wanted = Home(room.home), tmp_path / "备份", f"{PAPER}/{DAY}/A01/2"
    seal(home, datetime.now(UTC) + timedelta(days=2))
    back_up(home, vault, Choice(secrets=True))
    order = ("newscrawl", "takedown", wanted, "--scope", "erase", "--reason", "asked")
    assert room.run(*order).returncode == 0
    for each in lost:
        shutil.rmtree(home.root / each)
    again = ("restore", str(vault), "--force")
    step = str(1 + (number + 3) % 12)  # the first is at the manifest, where that was lost
    room.run("tests.faults.ending", str(tmp_path / "ends"), step, "0", *again)
    for words in (again, ("takedown", "--resume")):
        done = room.run("newscrawl", *words)
        assert done.returncode == 0, done.stderr
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        assert verify(home, catalogue).faults == []
    assert probe.found(home.root, ["第2号渡口恢复通航", article(2).url]) == {}
