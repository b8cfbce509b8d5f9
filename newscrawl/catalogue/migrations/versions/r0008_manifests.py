"""Which day's manifest covers which file of the archive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "manifests",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("head", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False, comment="sha256 of the manifest's file"),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("stamped_at", sa.Text(), nullable=True),
        sa.Column(
            "stamp_digest",
            sa.Text(),
            nullable=True,
            comment="sha256 of the file with the stamp",
        ),
        sa.Column("stamp_tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "stamp_tried_at", sa.Text(), nullable=True, comment="the last time that it failed"
        ),
        sa.Column(
            "stamp_error", sa.Text(), nullable=True, comment="of the last try, where it failed"
        ),
        sa.PrimaryKeyConstraint("day", name="pk_manifests"),
    )
    op.create_table(
        "manifest_files",
        sa.Column("path", sa.Text(), nullable=False, comment="in the archive, as in snapshots"),
        sa.Column("day", sa.Text(), nullable=False, comment="of its manifest"),
        sa.ForeignKeyConstraint(["day"], ["manifests.day"], name="fk_manifest_files_day"),
        sa.PrimaryKeyConstraint("path", name="pk_manifest_files"),
    )
    op.create_index("ix_manifest_files_day", "manifest_files", ["day"], unique=False)
