"""Every route of the application, and what holds for all of them."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Route

from newscrawl.alerts.secrets import digest
from newscrawl.web.app import routes
from newscrawl.web.site import Site
from newscrawl.web.wording import WORDING
from tests.makers import PAPER, article, record
from tests.people import address, person, subscription

ID = f"{PAPER}/2023-12-15/A01/1"
LOOK, ACT = {"GET", "HEAD"}, {"GET", "HEAD", "POST"}
ROUTES = {
    "/": (LOOK, "anybody"),
    "/s/{named:path}": (LOOK, "anybody"),
    "/story/{named:path}": (LOOK, "anybody"),
    "/feed/{secret}.atom": (LOOK, "secret"),
    "/feed/{secret}.json": (LOOK, "secret"),
    "/confirm/{secret}": (ACT, "secret"),
    "/u/{secret}": (ACT, "secret"),
    "/style.css": (LOOK, "anybody"),
}
"""By path: its methods, and who may come: anybody, or who has a secret that is in the address."""
GUARDED = [
    (path, method)
    for path, (methods, who) in ROUTES.items()
    for method in sorted(methods)
    if who == "secret"
]


@pytest.fixture
def listed(held):
    return routes(Site(held, None, "", None))


def test_e11_every_route_is_listed_with_its_methods_and_its_check(listed):
    assert all(type(each) is Route for each in listed)
    assert [(each.path, each.methods) for each in listed] == [
        (path, methods) for path, (methods, _who) in ROUTES.items()
    ]


def test_what_can_be_opened_is_told_in_both_languages():
    shown = {"{named:path}": "ARTICLE", "{secret}": "SECRET"}
    paths = [re.sub(r"{.*?}", lambda found: shown[found[0]], path) for path in ROUTES]
    for words in WORDING.values():
        assert ["/", *words.places, "/style.css"] == paths


def test_e11_whatever_acts_wants_a_secret():
    assert {who for methods, who in ROUTES.values() if methods > LOOK} == {"secret"}
    assert all(("{secret}" in path) == (who == "secret") for path, (_, who) in ROUTES.items())


@pytest.mark.parametrize(("path", "method"), GUARDED)
def test_e11_without_its_secret_a_guarded_route_answers_nobody(held, get, path, method):
    with held.write() as tx:
        me = person(tx)
        waits = address(tx, me, state="pending", confirmed=None, token=digest("a secret"))
        mine = subscription(tx, me, "临空", (waits,))
    for guess in ("guess", digest("a secret"), str(mine), "临空", "sealed%200"):
        assert get(path.format(secret=guess), method).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/style.css/../server.py", "/..%2fserver.py", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
        "/style.css%00.html", "/style.css%00", "/templates/base.html", "/web/style.css",
        "/style.css/", "/STYLE.CSS", "/style.css%2f..%2fserver.py", "/s/../newscrawl.db",
        "/s/..%2f..%2f..%2fetc/passwd", "/s//etc/passwd", "/s/%00", "/s/link", "/link",
        "/snapshots/link", "/feed/..%2f..%2fnewscrawl.db.atom", "/feed/..%5cnewscrawl.db.json",
        "/u/..%2fstyle.css", "/confirm/%2e%2e", "/file:///etc/passwd",
    ],
)  # fmt: skip
def test_e12_no_path_leads_to_a_file(held, get, path, tmp_path):
    (tmp_path / "snapshots").mkdir()
    for place in (tmp_path / "link", tmp_path / "snapshots" / "link"):
        place.symlink_to("/etc/passwd")
    answer = get(path)
    assert answer.status == 404
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "query", ["next=//evil.example", "next=/%5Cevil.example", "url=https://e.x"]
)
@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"/s/{ID}",
        f"/s/{ID}/",
        f"/story/{ID}",
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
