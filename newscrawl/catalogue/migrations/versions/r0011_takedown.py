"""What was taken down: tombstones, what they cover, and how far an erasure has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "tombstones",
        sa.Column("id", sa.Text(), nullable=False, comment="random, the same in every copy"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False, comment="an address: hashed"),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False, comment="of the reason, for the public"),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False, comment="empty for a prefix"),
        sa.Column("day", sa.Text(), nullable=False, comment="empty for a prefix"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("lifted", sa.Text(), nullable=True, comment="when"),
        sa.Column("lifted_why", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('article','address','prefix')", name=op.f("ck_tombstones_kind")
        ),
        sa.CheckConstraint("scope IN ('hide','redact','erase')", name=op.f("ck_tombstones_scope")),
        sa.CheckConstraint(
            "state IN ('told','erasing','done','lifted')", name=op.f("ck_tombstones_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstones")),
    )
    _marks()
    _taken()
    _work()
    comment = "what is left of it, since something was erased from it"
    op.add_column("manifest_files", sa.Column("lies_at", sa.Text(), nullable=True, comment=comment))


def _marks() -> None:
    op.create_table(
        "tombstone_marks",
        sa.Column("tombstone_id", sa.Text(), nullable=False),
        sa.Column(
            "mark",
            sa.Text(),
            nullable=False,
            comment="as `withdrawn` makes it: no text, no URL",
        ),
        sa.ForeignKeyConstraint(
            ["tombstone_id"],
            ["tombstones.id"],
            name=op.f("fk_tombstone_marks_tombstone_id"),
        ),
        sa.PrimaryKeyConstraint("tombstone_id", "mark", name=op.f("pk_tombstone_marks")),
    )
    op.create_index("ix_tombstone_marks_mark", "tombstone_marks", ["mark"], unique=False)


def _taken() -> None:
    op.create_table(
        "taken_down",
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("tombstone_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_taken_down_article_id")
        ),
        sa.ForeignKeyConstraint(
            ["tombstone_id"], ["tombstones.id"], name=op.f("fk_taken_down_tombstone_id")
        ),
        sa.PrimaryKeyConstraint("article_id", "tombstone_id", name=op.f("pk_taken_down")),
    )
    op.create_index("ix_taken_down_tombstone_id", "taken_down", ["tombstone_id"], unique=False)


def _work() -> None:
    op.create_table(
        "unwanted_captures",
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("tombstone_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tombstone_id"],
            ["tombstones.id"],
            name=op.f("fk_unwanted_captures_tombstone_id"),
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_unwanted_captures")),
    )
    op.create_table(
        "rewrites",
        sa.Column("path", sa.Text(), nullable=False, comment="of the archive file, as it was"),
        sa.Column("fresh", sa.Text(), nullable=False, comment="of the one that takes its place"),
        sa.Column(
            "moved",
            sa.Boolean(),
            nullable=False,
            comment="whether the catalogue names the fresh one",
        ),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_rewrites")),
    )
