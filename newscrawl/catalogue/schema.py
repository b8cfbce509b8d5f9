"""The tables of the catalogue. Times are UTC, ISO 8601 text; days are `YYYY-MM-DD`."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

papers = Table(
    "papers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("title", Text, nullable=False),
)

editions = Table(
    "editions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("paper", ForeignKey("papers.name"), nullable=False),
    Column("day", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
    Column("read_at", Text),
    Column("captured_at", Text, comment="end of the first run; what is listed later is late"),
    Column("reread_at", Text, comment="when its articles were last read again; null: never"),
    UniqueConstraint("paper", "day"),
    CheckConstraint("state IN ('open','complete','incomplete','failed','none')", name="state"),
)

pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition_id", ForeignKey("editions.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("image_url", Text),
    Column("pdf_url", Text),
    Column("state", Text, nullable=False, server_default="listed"),
    UniqueConstraint("edition_id", "code"),
    CheckConstraint("state IN ('listed','held','empty','failed')", name="state"),
)

entries = Table(
    "entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition_id", ForeignKey("editions.id"), nullable=False),
    Column("address", Text, nullable=False, comment="the URL without scheme and fragment"),
    Column("kind", Text, nullable=False, comment="article or image"),
    Column("url", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("polygon", JSON),
    Column("listed_at", Text, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("state", Text, nullable=False, server_default="listed"),
    Column("missed", Integer, nullable=False, server_default=text("0")),
    Column("reason", Text),
    Column("picture_only", Boolean, nullable=False, server_default=text("0")),
    UniqueConstraint("edition_id", "address"),
    Index("ix_entries_address", "address"),
    CheckConstraint("state IN ('listed','held','gone','failed')", name="state"),
    CheckConstraint("kind IN ('article','image')", name="kind"),
)

stories = Table(
    "stories",
    metadata,
    Column("id", Integer, primary_key=True),
    sqlite_autoincrement=True,
)

articles = Table(
    "articles",
    metadata,
    Column("id", Text, primary_key=True),
    Column("paper", ForeignKey("papers.name"), nullable=False),
    Column("day", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("first_seen", Text, nullable=False),
    Column("story_id", ForeignKey("stories.id"), nullable=False),
    Column(
        "seen", Text, comment="when it was last read again; null: never since its first capture"
    ),
    Index("ix_articles_paper_day", "paper", "day"),
    Index("ix_articles_story_id", "story_id"),
)

aliases = Table(
    "aliases",
    metadata,
    Column("address", Text, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Index("ix_aliases_article_id", "article_id"),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("record_id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("paper", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("requested_url", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("captured_at", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("offset", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("payload_digest", Text, nullable=False),
    Index("ix_snapshots_path", "path"),
    Index("ix_snapshots_requested_url", "requested_url"),
)

versions = Table(
    "versions",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("record_id", ForeignKey("snapshots.record_id"), nullable=False),
    Column("first_seen", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("live", Boolean, nullable=False, comment="the newest that may be found"),
    Column("kicker", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("subhead", Text, nullable=False),
    Column("body", Text, nullable=False, comment="paragraphs, a line each"),
    Column("source", Text, nullable=False),
    Column("page_name", Text, nullable=False),
    Column("fields", JSON, nullable=False, comment="the other fields of the article"),
    Column("recorded", Text, comment="when the transaction was made"),
    UniqueConstraint("article_id", "n"),
    Index("ix_versions_record_id", "record_id"),
    CheckConstraint("state IN ('sound','flagged','quarantined')", name="state"),
    sqlite_autoincrement=True,
)

sightings = Table(
    "sightings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("seen_at", Text, nullable=False, comment="the first time"),
    Column("last_at", Text, nullable=False, comment="the last time"),
    Column("confirmed", Text, comment="null: gone was seen once"),
    Column("reason", Text, nullable=False),
    Column(
        "record_id",
        ForeignKey("snapshots.record_id"),
        nullable=False,
        comment="the capture that shows it",
    ),
    Column("seq", ForeignKey("versions.seq"), comment="the version that an edit made"),
    Column("url", Text, nullable=False, comment="where it was seen, or sought"),
    Column("page", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Index("ix_sightings_article_id", "article_id"),
    Index("ix_sightings_confirmed", "confirmed"),
    Index("ix_sightings_record_id", "record_id"),
    CheckConstraint("state IN ('edited','moved','gone','back')", name="state"),
    sqlite_autoincrement=True,
)
"""What later readings found, a row where that changed; `articles.seen` is when nothing did."""

story_marks = Table(
    "story_marks",
    metadata,
    Column("week", Integer, primary_key=True, comment="of the article's day, counted from 0001"),
    Column("mark", Integer, primary_key=True, comment="text.shingles.marks of the body"),
    Column("seq", Integer, primary_key=True),
    sqlite_with_rowid=False,
)
"""Finds the versions of some days that may be of one story. Those of old versions stay."""

manifests = Table(
    "manifests",
    metadata,
    Column("day", Text, primary_key=True),
    Column("root", Text, nullable=False),
    Column("head", Text, nullable=False),
    Column("digest", Text, nullable=False, comment="sha256 of the manifest's file"),
    Column("made_at", Text, nullable=False),
    Column("stamped_at", Text),
    Column("stamp_digest", Text, comment="sha256 of the file with the stamp"),
    Column("stamp_tries", Integer, nullable=False, server_default=text("0")),
    Column("stamp_tried_at", Text, comment="the last time that it failed"),
    Column("stamp_error", Text, comment="of the last try, where it failed"),
    Column("stamp_next", Text, comment="sha256 of what the file with the stamp is to become"),
    Column("promise_asked_at", Text, comment="when calendars were asked last what became of it"),
    Column("proven_at", Text, comment="from when on the stamp is no promise any more"),
)

manifest_files = Table(
    "manifest_files",
    metadata,
    Column("path", Text, primary_key=True, comment="in the archive, as in snapshots"),
    Column("day", ForeignKey("manifests.day"), nullable=False, comment="of its manifest"),
    Column("lies_at", Text, comment="what is left of it, since something was erased from it"),
    Index("ix_manifest_files_day", "day"),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("paper", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("ended", Text),
    Column("state", Text, nullable=False, server_default="running"),
    Column("line", Text, comment="what the run said at its end"),
    Column("reasons", JSON, comment="[[url, reason], …]"),
    Column("stats", JSON),
    Index("ix_runs_paper_started", "paper", "started"),
)

dictionary = Table(
    "dictionary",
    metadata,
    Column("word", Text, primary_key=True, comment="as it is searched"),
)

saved_searches = Table(
    "saved_searches",
    metadata,
    Column("name", Text, primary_key=True),
    Column("query", Text, nullable=False, comment="as query.show writes it"),
    Column("papers", JSON, nullable=False, comment="spider names or titles"),
    Column("since", Text),
    Column("until", Text),
    Column("sort", Text, nullable=False),
    Column("created", Text, nullable=False),
)

policies = Table(
    "policies",
    metadata,
    Column("paper", Text, primary_key=True, comment="the spider's name; empty: every other"),
    Column("policy", Text, nullable=False, comment="full, metadata, excerpt-N"),
)
"""How much of the articles of each paper may go out in an export."""

retention = Table(
    "retention",
    metadata,
    Column("paper", Text, primary_key=True, comment="the spider's name"),
    Column("days", Integer, nullable=False, comment="for which its editions are kept"),
    Column("scope", Text, nullable=False, comment="of the tombstones that come then"),
    CheckConstraint("days > 0", name="days"),
    CheckConstraint("scope IN ('hide','redact','erase')", name="scope"),
)
"""For how long papers are kept; what is not here stays."""
