"""The way most people build a Chinese index: jieba's analyzer, one Whoosh writer, one commit.

`python -m benchmarks.baseline_import FILE DIRECTORY CACHE` prints the number of documents once
the last of them is found.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import jieba
from jieba.analyse import ChineseAnalyzer
from whoosh import fields, index
from whoosh.query import Term

TEXTS = ("kicker", "headline", "subhead", "body")


def schema() -> fields.Schema:
    """The fields of our own index, texts as jieba's analyzer cuts them, none of them stored."""
    analyzer = ChineseAnalyzer()
    return fields.Schema(
        id=fields.ID(stored=True, unique=True),
        paper=fields.KEYWORD(),
        page=fields.KEYWORD(),
        date=fields.DATETIME(sortable=True),
        **{name: fields.TEXT(analyzer=analyzer) for name in TEXTS},
    )


def documents(file: Path) -> Iterator[dict[str, Any]]:
    """The records of a file as documents."""
    with gzip.open(file, "rb") as lines:
        for line in lines:
            record = json.loads(line)
            yield {
                "id": record["id"],
                "paper": "corpus",
                "page": "",
                "date": datetime.fromisoformat(record["date"]),
                "kicker": "",
                "headline": record["title"],
                "subhead": "",
                "body": record["text"],
            }


def main() -> None:
    """Index, and find the last document."""
    file, directory, cache = map(Path, sys.argv[1:])
    jieba.dt.tmp_dir = str(cache)
    directory.mkdir()
    made = index.create_in(directory, schema())
    writer = made.writer()
    count, last = 0, ""
    for document in documents(file):
        writer.add_document(**document)
        count, last = count + 1, document["id"]
    writer.commit()
    with index.open_dir(directory).searcher() as searcher:
        assert len(searcher.search(Term("id", last))) == 1
    print(count)


if __name__ == "__main__":
    main()
