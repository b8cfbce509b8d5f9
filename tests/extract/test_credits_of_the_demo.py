"""The credits of the demo's articles, as a careful reader wrote them down."""

from __future__ import annotations

import pytest

from newscrawl.extract.byline import read_byline
from newscrawl.extract.continuation import read_continuation
from newscrawl.extract.source import read_source
from tests.expected import Expected, expected

ARTICLES = [article for edition in ("first", "second") for article in expected(edition)]


def _name(article: Expected) -> str:
    return f"{article.edition}-{article.page.code}-{article.piece.number}"


def test_no_article_is_missing():
    assert len(ARTICLES) == 180


@pytest.mark.parametrize("article", ARTICLES, ids=_name)
def test_credits_are_read_as_a_careful_reader_does(article):
    byline = read_byline(article.paragraphs)
    read = {
        "reporters": list(byline.reporters),
        "correspondents": list(byline.correspondents),
        "source": read_source(article.paragraphs),
        "continuation": read_continuation(article.paragraphs),
    }
    assert read == {field: article.values[field] for field in read}
