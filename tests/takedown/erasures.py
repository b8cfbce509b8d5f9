"""An erasure of one article of the home, and what ends something in the middle."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

from newscrawl.archive.layout import archive_files
from newscrawl.archive.reader import iterate
from newscrawl.catalogue.connection import Catalogue
from newscrawl.ops import erasing
from newscrawl.ops.takedown import Order, take_down
from tests.makers import PAPER
from tests.takedown.conftest import NOW

ID = f"{PAPER}/2023-12-15/A01/2"
TOMORROW = datetime.now(UTC) + timedelta(days=2)


class Killed(BaseException):
    """As if by a signal."""


def killed(*_given):
    raise Killed


def erase(home):
    with closing(Catalogue.open(home.catalogue)) as catalogue:
        order = Order("erase", "asked by the author", "privacy", "desk")
        taken = take_down(home, catalogue, order, NOW, wanted=ID, prefix=False)
        erasing.erase(home, catalogue, taken.tombstone)


def left(home):
    """The record ids of what is in the archive."""
    return {each.record_id for file in archive_files(home.snapshots) for each in iterate(file)}
