"""What later readings found of an article: edited, moved, gone, back; and which there were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column(
        "articles",
        sa.Column(
            "seen",
            sa.Text(),
            nullable=True,
            comment="when it was last read again; null: never since its first capture",
        ),
    )
    op.add_column(
        "editions",
        sa.Column(
            "reread_at",
            sa.Text(),
            nullable=True,
            comment="when its articles were last read again; null: never",
        ),
    )
    op.create_table(
        "sightings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Text(), nullable=False, comment="the first time"),
        sa.Column("last_at", sa.Text(), nullable=False, comment="the last time"),
        sa.Column("confirmed", sa.Text(), nullable=True, comment="null: gone was seen once"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False, comment="the capture that shows it"),
        sa.Column("seq", sa.Integer(), nullable=True, comment="the version that an edit made"),
        sa.Column("url", sa.Text(), nullable=False, comment="where it was seen, or sought"),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('edited','moved','gone','back')", name=op.f("ck_sightings_state")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_sightings_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["snapshots.record_id"], name=op.f("fk_sightings_record_id")
        ),
        sa.ForeignKeyConstraint(["seq"], ["versions.seq"], name=op.f("fk_sightings_seq")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sightings")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sightings_article_id", "sightings", ["article_id"], unique=False)
    op.create_index("ix_sightings_confirmed", "sightings", ["confirmed"], unique=False)
