"""A home of five articles, and orders to take some of it down."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import pytest

from newscrawl.archive.writer import ArchiveWriter
from newscrawl.catalogue import snapshots
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.snapshots import Place
from newscrawl.ops import erasing
from newscrawl.ops.takedown import Order, take_down
from tests.archive.samples import snapshot
from tests.homes import archive, small_home
from tests.makers import DAY, PAPER, record

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    return small_home(tmp_path / "home")


@pytest.fixture
def held(home):
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        yield catalogue


@pytest.fixture
def ordered(home, held):
    """Takes something down: `ordered(wanted, scope, …)`."""

    def ordered(wanted, scope="hide", *, prefix=False, legal_hold=False):
        order = Order(scope, "asked by the author", "privacy", "desk", legal_hold)
        return take_down(home, held, order, NOW, wanted=wanted, prefix=prefix)

    return ordered


@pytest.fixture
def captured(home, held):
    """Archives an answer and catalogues it; its record id."""

    def captured(place, url, body):
        page = snapshot(url=url, body=body.encode())
        with ArchiveWriter(home.snapshots) as writer:
            where = writer.write(place.folder, page).result()
        with held.write() as tx:
            snapshots.add_all(tx, [snapshots.row(place, page, where)])
        return page.record_id

    return captured


@pytest.fixture
def read(home, held):
    """Archives articles, and records them with their captures."""

    def read(*items):
        kept = archive(home, list(items))
        with held.write() as tx:
            place = Place(PAPER, DAY, "article")
            snapshots.add_all(tx, [snapshots.row(place, page, where) for page, where in kept])
        return record(held, *items)

    return read


@pytest.fixture
def erase(home, held, ordered):
    def erase(wanted, **more):
        return erasing.erase(home, held, ordered(wanted, "erase", **more).tombstone)

    return erase
