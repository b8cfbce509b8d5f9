"""How much is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Articles and rounds of every benchmark."""

    crawl_articles: int
    crawl_rounds: int
    import_documents: int
    """The first of the corpus; beyond its end all of it."""
    import_rounds: int
    indexed: int
    """Articles, made of the corpus, for engines that index it in few seconds."""
    indexed_plain: int
    """The first of them, for the plain way."""
    memory_articles: int
    memory_window: int
    """Articles between two readings of the peak."""
    recall_substrings: int
    """Of every length."""
    recall_names: int
    """At most."""
    story_documents: int
    """The first of the corpus; beyond its end all of it."""
    story_others: int
    """Of the hardest others, and as many forms."""
    matching_queries: tuple[int, ...]
    """Standing queries, the most of them last."""
    matching_articles: int
    """Articles that they are matched with, about."""
    enlarged: Mapping[str, int]
    """By engine: articles, made of the corpus, among which the mix of queries is asked."""
    live: int
    """Articles among which is searched while others are imported."""
    live_brought: int
    """Those others, from the corpus."""
    live_queries: int
    verify_records: int
    """Captures, each with its request."""
    judged: bool
    """Whether times are held against their targets, which are for the full number of articles."""


FULL = Size(
    crawl_articles=3_000,
    crawl_rounds=3,
    import_documents=1_000_000,
    import_rounds=3,
    indexed=100_000,
    indexed_plain=10_000,
    memory_articles=10_000,
    memory_window=1_000,
    recall_substrings=1_000,
    recall_names=1_000_000,
    story_documents=1_000_000,
    story_others=400,
    matching_queries=(1_000, 100_000, 1_000_000),
    matching_articles=500,
    enlarged={"whoosh": 100_000, "tantivy": 1_000_000},
    live=100_000,
    live_brought=1_000_000,
    live_queries=60,
    verify_records=10_000,
    judged=True,
)
SMALL = Size(
    crawl_articles=400,
    crawl_rounds=1,
    import_documents=1_000,
    import_rounds=1,
    indexed=1_000,
    indexed_plain=500,
    memory_articles=1_000,
    memory_window=250,
    recall_substrings=50,
    story_documents=1_500,
    story_others=60,
    recall_names=150,
    matching_queries=(200, 2_000),
    matching_articles=60,
    enlarged={"whoosh": 1_000, "tantivy": 1_000},
    live=1_000,
    live_brought=750,
    live_queries=10,
    verify_records=1_000,
    judged=False,
)
