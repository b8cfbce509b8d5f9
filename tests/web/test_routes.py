"""Every route of the application, and what holds for all of them."""

from __future__ import annotations

import pytest
from starlette.routing import Route

from newscrawl.web.app import routes
from newscrawl.web.site import Site
from tests.makers import PAPER, article, record

ID = f"{PAPER}/2023-12-15/A01/1"
ROUTES = {
    "/s/{named:path}": {"GET", "HEAD"},
    "/feed/{secret}.atom": {"GET", "HEAD"},
    "/feed/{secret}.json": {"GET", "HEAD"},
    "/confirm/{secret}": {"GET", "HEAD", "POST"},
    "/u/{secret}": {"GET", "HEAD", "POST"},
    "/style.css": {"GET", "HEAD"},
}
"""Path and methods. A route with another method than GET wants a secret in its address."""


@pytest.fixture
def listed(held):
    return routes(Site(held, None, "", None))


def test_every_route_is_listed_with_its_methods(listed):
    assert all(type(each) is Route for each in listed)
    assert {each.path: each.methods for each in listed} == ROUTES


@pytest.mark.parametrize(
    "query", ["next=//evil.example", "next=/%5Cevil.example", "url=https://e.x"]
)
@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"/s/{ID}",
        f"/s/{ID}/",
        "/style.css",
        "/style.css/",
        "//evil.example",
        "/%5Cevil.example",
    ],
)
def test_e9_nothing_redirects(held, get, path, query):
    record(held, article(1))
    answer = get(f"{path}?{query}")
    assert answer.status in {200, 404}
    assert "location" not in answer.headers
    assert "refresh" not in answer.headers
    assert "evil" not in answer.text
