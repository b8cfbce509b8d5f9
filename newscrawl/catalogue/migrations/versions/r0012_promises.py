"""What became of a calendar's promise, and for how long papers are kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    with op.batch_alter_table("manifests") as manifests:
        manifests.add_column(
            sa.Column(
                "stamp_next",
                sa.Text(),
                nullable=True,
                comment="sha256 of what the file with the stamp is to become",
            )
        )
        manifests.add_column(
            sa.Column(
                "promise_asked_at",
                sa.Text(),
                nullable=True,
                comment="when calendars were asked last what became of it",
            )
        )
        manifests.add_column(
            sa.Column(
                "proven_at",
                sa.Text(),
                nullable=True,
                comment="from when on the stamp is no promise any more",
            )
        )
    # For which articles a capture was read from is asked of every one that may be erased.
    op.create_index("ix_versions_record_id", "versions", ["record_id"], unique=False)
    op.create_index("ix_sightings_record_id", "sightings", ["record_id"], unique=False)
    # So is where else its addresses were asked for, and its pictures are shown.
    op.create_index("ix_snapshots_requested_url", "snapshots", ["requested_url"], unique=False)
    op.create_index("ix_entries_address", "entries", ["address"], unique=False)
    op.create_table(
        "retention",
        sa.Column("paper", sa.Text(), nullable=False, comment="the spider's name"),
        sa.Column("days", sa.Integer(), nullable=False, comment="for which its editions are kept"),
        sa.Column("scope", sa.Text(), nullable=False, comment="of the tombstones that come then"),
        sa.CheckConstraint("days > 0", name=op.f("ck_retention_days")),
        sa.CheckConstraint("scope IN ('hide','redact','erase')", name=op.f("ck_retention_scope")),
        sa.PrimaryKeyConstraint("paper", name=op.f("pk_retention")),
    )
