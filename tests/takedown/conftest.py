"""A home of five articles, and orders to take some of it down."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime

import pytest

from newscrawl.catalogue.connection import Catalogue
from newscrawl.ops.takedown import Order, take_down
from tests.homes import small_home

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
