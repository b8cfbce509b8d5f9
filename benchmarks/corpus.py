"""Real text to measure with, which lies beside the repository and is no part of it."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from benchmarks.programs import PROJECT
from newscrawl.items import Article

NAME = Path("corpus", "news-2022-2024.jsonl.gz")
MISSING = f"{NAME} is in no folder shared/ beside the repository: set NEWSCRAWL_SHARED"


def find() -> Path | None:
    """The corpus, below NEWSCRAWL_SHARED or `shared` beside the repository."""
    named = os.environ.get("NEWSCRAWL_SHARED")
    path = (Path(named) if named else PROJECT.parent / "shared") / NAME
    return path if path.is_file() else None


def head(source: Path, documents: int, target: Path) -> int:
    """Copy the first documents, a line each; how many there were."""
    with gzip.open(source, "rb") as lines, gzip.open(target, "wb") as copy:
        count = 0
        for line in islice(lines, documents):
            copy.write(line)
            count += 1
    return count


def write(articles: Iterable[Article], target: Path) -> int:
    """Write articles as records of such a file; how many they are."""
    count = 0
    with gzip.open(target, "wt", encoding="utf-8") as lines:
        for article in articles:
            lines.write(f"{json.dumps(_record(article), ensure_ascii=False)}\n")
            count += 1
    return count


def _record(article: Article) -> dict[str, str]:
    return {
        "id": article.own_id,
        "date": article.edition,
        "title": article.headline,
        "text": article.body,
    }
