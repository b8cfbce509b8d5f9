"""Small values for tests: articles, captures, a catalogue, an indexed home."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from newscrawl.catalogue import articles, runs, snapshots
from newscrawl.catalogue.articles import Recorded
from newscrawl.catalogue.connection import Catalogue
from newscrawl.catalogue.snapshots import Place
from newscrawl.home import Home
from newscrawl.index.rebuilding import rebuild
from newscrawl.index.store import Store
from newscrawl.items import Article

PAPER, TITLE, DAY = "hangzhou_daily", "杭州日报", "2023-12-15"
NOW = "2023-12-15T00:45:10.000000+00:00"


def article(number: int = 1, /, **changes: Any) -> Article:
    """An article of page A01; every number has a text of its own."""
    values: dict[str, Any] = {
        "paper": PAPER,
        "edition": DAY,
        "url": f"https://example.com/hzrb/article_detail_1_20231215A01{number}.html",
        "headline": f"第{number}号渡口恢复通航",
        "paragraphs": [
            f"第{number}号渡口昨日恢复通航，首班船载客{number * 7}人。",
            "市民称赞出行方便。",
        ],
        "page": "A01",
        "page_name": "要闻",
        "number": number,
        "snapshot_time": NOW,
        "record_id": f"<urn:uuid:{number:08d}-0000-4000-8000-000000000000>",
    }
    return Article(**(values | changes))


def catalogue(path: Path, titles: Mapping[str, str] | None = None) -> Catalogue:
    """A catalogue that knows the paper, or those named with their titles."""
    made = Catalogue.open(path)
    with made.write() as connection:
        for name, title in (titles or {PAPER: TITLE}).items():
            runs.register(connection, name, title)
    return made


def capture(article: Article) -> dict[str, object]:
    """The snapshot row that an article's version refers to."""
    return {
        "record_id": article.record_id,
        "kind": "article",
        "paper": article.paper,
        "day": article.edition,
        "requested_url": article.url,
        "url": article.url,
        "captured_at": article.snapshot_time,
        "status": 200,
        "path": f"{Place(article.paper, article.edition, 'article').folder}/x.warc.gz",
        "offset": 0,
        "length": 1,
        "payload_digest": "sha256:" + "0" * 64,
    }


def record(made: Catalogue, *items: Article) -> list[Recorded]:
    """Record articles with their captures, in one transaction."""
    with made.write() as connection:
        snapshots.add_all(connection, [capture(item) for item in items])
        return [articles.record(connection, item) for item in items]


def indexed(
    root: Path, items: Iterable[Article], titles: Mapping[str, str] | None = None
) -> tuple[Home, Catalogue]:
    """A home whose index holds these articles, recorded in this order."""
    home = Home(root)
    home.indexes.mkdir(parents=True, exist_ok=True)
    made = catalogue(home.catalogue, titles)
    record(made, *items)
    rebuild(Store.of(home), made)
    return home, made


def spoil(made: Catalogue, *seqs: int) -> None:
    """Make versions such that nothing can prepare them for an index."""
    with made.write() as tx:
        for seq in seqs:
            tx.exec_driver_sql(
                "UPDATE versions SET fields = json_set(fields, '$.reporters', json('[1]'))"
                " WHERE seq = ?",
                (seq,),
            )


ILLEGIBLE = {
    "no JSON": "fields = '{\"url\": '",
    "no object": "fields = '[1]'",
    "lacks a field": "fields = json_remove(fields, '$.images')",
    "has another field": "fields = json_set(fields, '$.colour', 1)",
    "no UTF-8": "body = CAST(x'e6b8a1ff' AS TEXT)",
    "no UTF-8 in its fields": "fields = CAST(x'7b22ff' AS TEXT)",
}
"""What a disk or a hand may make of a row of the versions, as SQL sets it."""


def ruin(made: Catalogue, how: str, *seqs: int) -> list[tuple[str, str, int]]:
    """Make rows of versions that cannot be read; what `restored` takes."""
    with made.write() as tx:
        kept = []
        for seq in seqs:
            asked = "SELECT fields, body, seq FROM versions WHERE seq = ?"
            kept.append(tuple(tx.exec_driver_sql(asked, (seq,)).one()))
            tx.exec_driver_sql(f"UPDATE versions SET {ILLEGIBLE[how]} WHERE seq = ?", (seq,))
    return kept


def restored(made: Catalogue, kept: list[tuple[str, str, int]]) -> None:
    """Put back the rows that were made unreadable."""
    with made.write() as tx:
        for row in kept:
            tx.exec_driver_sql("UPDATE versions SET fields = ?, body = ? WHERE seq = ?", row)
