"""An outbox for the tests of what waits and of who has it."""

from __future__ import annotations

import pytest

from tests.catalogue.box import Box
from tests.makers import article, catalogue, record


@pytest.fixture
def box(tmp_path):
    made = catalogue(tmp_path / "newscrawl.db")
    recorded = record(made, *(article(number) for number in range(1, 7)))
    with made.write() as tx:
        yield Box(tx, [each.article_id for each in recorded])
    made.close()
