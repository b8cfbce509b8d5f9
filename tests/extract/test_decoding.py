"""What of an article could not be decoded is counted over the article alone."""

from __future__ import annotations

import pytest

from newscrawl.catalogue.articles import decode_state
from newscrawl.extract.decoding import with_decode_errors
from newscrawl.extract.hangzhou import read_article
from newscrawl.items import Article, Image
from newscrawl.text.charset import decode

URL = "https://hzdaily.example/hzrb/2023/12/15/article_detail_1_20231215A011.html"
SCRIPT = f"<script>{'var a = 1;' * 2_400}</script>".encode()
FOOTER = "<p>版权所有 某某报社</p>".encode("gbk")
SENTENCE = "西湖边的桂花开了，市民纷纷前来。"


def article_of(text: bytes, around: bytes = b"") -> Article:
    body = b"<html><h1>%s</h1><div class='content'><p>%s</p></div>%s</html>"
    page = body % ("桂花".encode(), text, around)
    return with_decode_errors(read_article(decode(page, "text/html; charset=utf-8").text, URL))


@pytest.mark.parametrize(
    ("text", "around", "state"),
    [
        (SENTENCE.encode(), b"", "sound"),
        (SENTENCE.encode(), FOOTER, "sound"),
        ((SENTENCE * 100).encode() + b"\xff", b"", "flagged"),
        ((SENTENCE * 100).encode() + b"\xff", SCRIPT + FOOTER, "flagged"),
        (SENTENCE.encode() + b"\xff", SCRIPT, "quarantined"),
        (("桂花开了\ufffd" + "\ufffd" * 19).encode(), SCRIPT, "quarantined"),
    ],
)
def test_a12_an_article_is_judged_by_its_own_text(text: bytes, around: bytes, state: str) -> None:
    assert decode_state(article_of(text, around)) == state


def test_a12_every_text_of_an_article_counts() -> None:
    article = Article(
        "p",
        "2023-12-15",
        URL,
        kicker="引\ufffd",
        headline="题\ufffd",
        subhead="副\ufffd",
        paragraphs=["一\ufffd", "二\ufffd\ufffd"],
        images=[Image("http://a.example/1.jpg", "图\ufffd")],
        reporters=["张\ufffd"],
        correspondents=["李\ufffd"],
        source="源\ufffd",
        continuation="续\ufffd",
        decode_errors=7,
    )
    counted = with_decode_errors(article)
    assert (counted.decode_errors, counted.characters) == (11, 21)
