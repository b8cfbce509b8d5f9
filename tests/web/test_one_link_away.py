"""From a message that says “also in other papers” to what these changed, by the link in it."""

from __future__ import annotations

from lxml import html

from newscrawl.alerts.links import Links
from newscrawl.pace import Pace
from newscrawl.web.app import application
from tests.alerts.channels.sinks import answering, serving
from tests.alerts.sent import Told, body_of
from tests.makers import PAPER, TITLE, article, catalogue, record
from tests.reports import FERRY
from tests.web.asking import ask

ORIGIN = "https://news.example.org"


def test_the_link_of_a_digest_leads_to_what_a_reprint_left_out(tmp_path):
    told = Told(catalogue(tmp_path / "newscrawl.db", {PAPER: TITLE, "metro_express": "都市快报"}))
    told.links = Links(ORIGIN)
    with serving(answering()) as sink:
        told.subscribe("渡口", f"json://127.0.0.1:{sink.port}/hook")
        record(
            told.catalogue,
            article(1, paragraphs=FERRY),
            article(2, paragraphs=FERRY[:-1], paper="metro_express"),
            article(3),
        )
        told.match()
        deliverer = told.deliverer(sink.allowed, Pace(tmp_path / "pace"))
        deliverer.run(0)
        deliverer.close()
    items = {item["headline"]["text"]: item for got in sink.got for item in body_of(got)["items"]}
    reprinted, alone = items[article(1).headline], items[article(3).headline]
    assert (alone["also"], alone["story"]) == ([], "")
    assert reprinted["also"] == ["都市快报"]
    app = application(told.catalogue, told.links, "")
    answer = ask(app, reprinted["story"].removeprefix(ORIGIN))
    told.catalogue.close()
    assert [each.text for each in html.fromstring(answer.text).iter("del")] == [FERRY[-1]]
