"""`newscrawl serve`: what it refuses before it listens."""

from __future__ import annotations

import pytest

from newscrawl import settings
from newscrawl.catalogue.connection import CatalogueError
from newscrawl.cli.serve import serve_pages
from newscrawl.errors import UsageError
from newscrawl.home import Home


@pytest.fixture(autouse=True)
def _empty_home(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "home", lambda: Home(tmp_path))


def test_without_a_public_address_it_listens_on_loopback_only():
    with pytest.raises(UsageError, match="NEWSCRAWL_PUBLIC_URL"):
        serve_pages(host="0.0.0.0", port=0)


def test_a_public_address_must_be_one(monkeypatch):
    monkeypatch.setattr(settings, "PUBLIC_URL", "news.example.org")
    with pytest.raises(UsageError, match="NEWSCRAWL_PUBLIC_URL"):
        serve_pages(port=0)


def test_a_home_without_anything_is_not_made(tmp_path):
    with pytest.raises(CatalogueError, match="nothing collected"):
        serve_pages(port=0)
    assert list(tmp_path.iterdir()) == []
