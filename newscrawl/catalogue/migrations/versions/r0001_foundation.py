"""Foundation: editions and their lists, articles, versions, stories, snapshots, runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "papers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_papers")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("started", sa.Text(), nullable=False),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="running", nullable=False),
        sa.Column("line", sa.Text(), nullable=True, comment="what the run said at its end"),
        sa.Column("reasons", sa.JSON(), nullable=True, comment="[[url, reason], …]"),
        sa.Column("stats", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index("ix_runs_paper_started", "runs", ["paper", "started"], unique=False)
    op.create_table(
        "snapshots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("requested_url", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("captured_at", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("payload_digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("record_id", name=op.f("uq_snapshots_record_id")),
    )
    op.create_index("ix_snapshots_path", "snapshots", ["path"], unique=False)
    op.create_table(
        "stories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False, comment="of the folded body"),
        sa.Column("first_article", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sa.UniqueConstraint("digest", name=op.f("uq_stories_digest")),
    )
    op.create_table(
        "articles",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Text(), nullable=False),
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paper"], ["papers.name"], name=op.f("fk_articles_paper")),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_articles_story_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
    )
    op.create_index("ix_articles_paper_day", "articles", ["paper", "day"], unique=False)
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("read_at", sa.Text(), nullable=True),
        sa.Column(
            "captured_at",
            sa.Text(),
            nullable=True,
            comment="end of the first run; what is listed later is late",
        ),
        sa.CheckConstraint(
            "state IN ('open','complete','incomplete','failed','none')",
            name=op.f("ck_editions_state"),
        ),
        sa.ForeignKeyConstraint(["paper"], ["papers.name"], name=op.f("fk_editions_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
        sa.UniqueConstraint("paper", "day", name=op.f("uq_editions_paper_day")),
    )
    op.create_table(
        "aliases",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_aliases_article_id")
        ),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_aliases")),
    )
    op.create_index("ix_aliases_article_id", "aliases", ["article_id"], unique=False)
    op.create_table(
        "entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column(
            "address", sa.Text(), nullable=False, comment="the URL without scheme, query, fragment"
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="article or image"),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("polygon", sa.JSON(), nullable=True),
        sa.Column("listed_at", sa.Text(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), server_default="listed", nullable=False),
        sa.Column("missed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("picture_only", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("kind IN ('article','image')", name=op.f("ck_entries_kind")),
        sa.CheckConstraint(
            "state IN ('listed','held','gone','failed')", name=op.f("ck_entries_state")
        ),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["editions.id"], name=op.f("fk_entries_edition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("edition_id", "address", name=op.f("uq_entries_edition_id_address")),
    )
    op.create_table(
        "pages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("image_url", sa.Text(), nullable=True),
        sa.Column("pdf_url", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="listed", nullable=False),
        sa.CheckConstraint(
            "state IN ('listed','held','empty','failed')", name=op.f("ck_pages_state")
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name=op.f("fk_pages_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_pages_edition_id_code")),
    )
    op.create_table(
        "versions",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False, comment="the newest that may be found"),
        sa.Column("kicker", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("subhead", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="paragraphs, a line each"),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("page_name", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False, comment="the other fields of the article"),
        sa.CheckConstraint(
            "state IN ('sound','flagged','quarantined')", name=op.f("ck_versions_state")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_versions_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["snapshots.record_id"], name=op.f("fk_versions_record_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_versions")),
        sa.UniqueConstraint("article_id", "n", name=op.f("uq_versions_article_id_n")),
        sqlite_autoincrement=True,
    )
