"""The application over a small real catalogue."""

from __future__ import annotations

import pytest

from newscrawl.alerts.links import Links
from newscrawl.web.app import application
from tests.makers import catalogue
from tests.web.asking import ask

ORIGIN = "https://news.example.org"


@pytest.fixture
def held(tmp_path):
    """An empty catalogue."""
    made = catalogue(tmp_path / "newscrawl.db")
    yield made
    made.close()


@pytest.fixture
def app(held):
    return application(held, Links(ORIGIN), "news@example.org")


@pytest.fixture
def get(app):
    """Asks the application: `get(path, …)` as `ask`."""

    def get(target, *arguments, **options):
        return ask(app, target, *arguments, **options)

    return get
