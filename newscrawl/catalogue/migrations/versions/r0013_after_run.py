"""Which runs began after a tombstone was put up, so that no erasure waits for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column(
        "tombstones",
        sa.Column(
            "after_run",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="the newest run when it was put up here: those that begin later know it",
        ),
    )
    # Which of those that there are knew it is not told any more.
    op.execute("UPDATE tombstones SET after_run = (SELECT coalesce(max(id), 0) FROM runs)")
