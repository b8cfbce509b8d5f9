"""The tables of what was taken down; the others: `schema`."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from newscrawl.catalogue.schema import metadata

tombstones = Table(
    "tombstones",
    metadata,
    Column("id", Text, primary_key=True, comment="random, the same in every copy"),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False, comment="an address: hashed"),
    Column("scope", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("category", Text, nullable=False, comment="of the reason, for the public"),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("paper", Text, nullable=False, comment="empty for a prefix"),
    Column("day", Text, nullable=False, comment="empty for a prefix"),
    Column("state", Text, nullable=False),
    Column("legal_hold", Boolean, nullable=False),
    Column("lifted", Text, comment="when"),
    Column("lifted_why", Text),
    Column(
        "after_run",
        Integer,
        nullable=False,
        server_default="0",
        comment="the newest run when it was put up here: those that begin later know it",
    ),
    CheckConstraint("kind IN ('article','address','prefix')", name="kind"),
    CheckConstraint("scope IN ('hide','redact','erase')", name="scope"),
    CheckConstraint("state IN ('told','erasing','done','lifted')", name="state"),
)

tombstone_marks = Table(
    "tombstone_marks",
    metadata,
    Column("tombstone_id", ForeignKey("tombstones.id"), primary_key=True),
    Column("mark", Text, primary_key=True, comment="as `withdrawn` makes it: no text, no URL"),
    Index("ix_tombstone_marks_mark", "mark"),
)
"""By which what was taken down is known again."""

taken_down = Table(
    "taken_down",
    metadata,
    Column("article_id", ForeignKey("articles.id"), primary_key=True),
    Column("tombstone_id", ForeignKey("tombstones.id"), primary_key=True),
    Index("ix_taken_down_tombstone_id", "tombstone_id"),
)
"""The articles that are held and that nobody is shown."""

unwanted_captures = Table(
    "unwanted_captures",
    metadata,
    Column("record_id", Text, primary_key=True),
    Column("tombstone_id", ForeignKey("tombstones.id"), nullable=False),
)
"""What a crawl has archived before it was known again: to be taken out of the archive."""

rewrites = Table(
    "rewrites",
    metadata,
    Column("path", Text, primary_key=True, comment="of the archive file, as it was"),
    Column("fresh", Text, nullable=False, comment="of the one that takes its place"),
    Column("moved", Boolean, nullable=False, comment="whether the catalogue names the fresh one"),
)
"""Archive files that are being rewritten."""
