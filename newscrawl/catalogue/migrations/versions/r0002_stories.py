"""Stories of near-duplicates: a story is its articles, and marks find those that may join it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # First: dropping a table looks for what refers to each row, without an index in all articles.
    op.create_index("ix_articles_story_id", "articles", ["story_id"], unique=False)
    # Articles refer to the table that is made anew; each row is back before the commit.
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.drop_table("stories")
    op.create_table(
        "stories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sqlite_autoincrement=True,
    )
    op.execute("INSERT INTO stories (id) SELECT DISTINCT story_id FROM articles")
    op.create_table(
        "story_marks",
        sa.Column(
            "week",
            sa.Integer(),
            nullable=False,
            comment="of the article's day, counted from 0001",
        ),
        sa.Column("mark", sa.Integer(), nullable=False, comment="text.shingles.marks of the body"),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "mark", "seq", name=op.f("pk_story_marks")),
        sqlite_with_rowid=False,
    )
