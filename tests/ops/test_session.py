"""A run's stores, beside those of other runs."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

from newscrawl.catalogue import snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.ops.session import Session
from newscrawl.text.dates import iso
from tests.homes import small_home
from tests.makers import article, capture


def begin_beside(tmp_path, late: timedelta):
    """Begin a run while another one holds the catalogue and captures something at its end."""
    home = small_home(tmp_path / "家")
    catalogue = Catalogue.open(home.catalogue)
    run = threading.Thread(target=lambda: Session(home, "express", "都市快报").close())
    with catalogue.write() as connection:
        run.start()
        time.sleep(0.5)
        taken = iso(datetime.now(UTC) + late)
        row = capture(article(900, record_id="<urn:900>", snapshot_time=taken))
        snapshots.add_all(connection, [row])
    run.join()
    catalogue.close()


def test_f10_who_waits_for_another_run_says_nothing_of_the_clock(tmp_path, caplog):
    begin_beside(tmp_path, timedelta())
    assert "clock" not in caplog.text


def test_f10_a_clock_that_went_back_is_told_of(tmp_path, caplog):
    begin_beside(tmp_path, timedelta(hours=1))
    assert "the clock went back" in caplog.text
