"""How much is measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Articles and rounds of every benchmark."""

    crawl_articles: int
    crawl_rounds: int
    import_documents: int
    """The first of the corpus; beyond its end all of it."""
    import_rounds: int
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


FULL = Size(
    crawl_articles=3_000,
    crawl_rounds=3,
    import_documents=1_000_000,
    import_rounds=3,
    memory_articles=10_000,
    memory_window=1_000,
    recall_substrings=1_000,
    recall_names=1_000_000,
    story_documents=1_000_000,
    story_others=400,
)
SMALL = Size(
    crawl_articles=400,
    crawl_rounds=1,
    import_documents=1_500,
    import_rounds=1,
    memory_articles=1_000,
    memory_window=250,
    recall_substrings=50,
    recall_names=300,
    story_documents=1_500,
    story_others=60,
)
