"""Whole article pages, as bytes, against what a careful reader sees in them."""

import json
import re
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from newscrawl.extract.decoding import with_decode_errors
from newscrawl.extract.hangzhou import article_place, read_article
from newscrawl.extract.normalise import normalise
from newscrawl.items import Article
from newscrawl.text.charset import decode

CASES = sorted((Path(__file__).parents[1] / "golden" / "hangzhou").iterdir())
FIELDS = (
    "headline",
    "kicker",
    "subhead",
    "reporters",
    "correspondents",
    "source",
    "paragraphs",
    "images",
    "continuation",
    "page",
    "number",
    "edition",
    "edition_raw",
    "charset",
)


@cache
def read(case: Path) -> dict[str, Any]:
    about = json.loads((case / "headers.json").read_text("utf-8"))
    decoded = decode((case / "body.html").read_bytes(), about["headers"]["Content-Type"])
    article = with_decode_errors(normalise(read_article(decoded.text, about["url"])))
    return {**asdict(article), "charset": decoded.charset}


def expected(case: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((case / "expected.json").read_text("utf-8"))
    return values


def test_there_are_cases_and_their_fields_are_articles_fields() -> None:
    assert len(CASES) >= 6
    assert set(FIELDS) <= {each.name for each in fields(Article)}


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_field(case: Path, name: str) -> None:
    assert read(case)[name] == expected(case)[name]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_golden_case_is_whole(case: Path) -> None:
    article = read(case)
    text = article["headline"] + "".join(article["paragraphs"])
    assert set(expected(case)) == set(FIELDS)
    assert article["decode_errors"] == 0 < article["characters"]
    assert "\ufffd" not in text
    assert len(re.findall("[\u3400-\u9fff]", text)) > len(text) / 2
    place = article_place(article["url"])
    assert place is not None
    assert place.day.isoformat() == article["edition"] == article["edition_raw"]
    assert article["paragraphs"] or article["images"]
