"""One archive for all tests of what is said before a subscription is saved, with every engine."""

from __future__ import annotations

import pytest

from newscrawl.index.search import Searcher
from tests.alerts.paper import TITLES, articles
from tests.index.kinds import KINDS, chosen
from tests.makers import indexed


@pytest.fixture(scope="session", params=KINDS)
def searcher(request, tmp_path_factory):
    with chosen(request.param):
        home, catalogue = indexed(tmp_path_factory.mktemp("alerts"), articles(), TITLES)
        opened = Searcher(home, catalogue)
    yield opened
    opened.close()
    catalogue.close()
