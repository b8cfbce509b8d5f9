"""Subscribers, their addresses and subscriptions, matches, and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column(
        "versions",
        sa.Column("recorded", sa.Text(), nullable=True, comment="when the transaction was made"),
    )
    _people()
    _subscriptions()
    _matches()
    _outbox()
    op.create_table(
        "marks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    op.create_table(
        "index_marks",
        sa.Column("mark", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "beyond",
            sa.Integer(),
            nullable=False,
            comment="the mark before: what is between is meant",
        ),
        sa.Column("at", sa.Text(), nullable=False, comment="since when that can be found"),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_index_marks")),
    )
    # Nobody had subscribed to what is there already: matching begins with what comes next.
    op.execute("INSERT INTO marks SELECT 'matched', coalesce(max(seq), 0) FROM versions")


def _people() -> None:
    op.create_table(
        "subscribers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("quiet_from", sa.Text(), nullable=True, comment="HH:MM in Asia/Shanghai"),
        sa.Column("quiet_until", sa.Text(), nullable=True, comment="HH:MM in Asia/Shanghai"),
        sa.Column("created", sa.Text(), nullable=False),
        sa.CheckConstraint("language IN ('zh','en')", name=op.f("ck_subscribers_language")),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_subscribers_quiet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("name", name=op.f("uq_subscribers_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="email, webhook, or a service's scheme"
        ),
        sa.Column(
            "shown", sa.Text(), nullable=False, comment="redacted: what lists and errors may say"
        ),
        sa.Column("sealed", sa.Text(), nullable=False, comment="the encrypted URL"),
        sa.Column("fingerprint", sa.Text(), nullable=False, comment="keyed hash of the URL"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=True, comment="SHA-256 of what confirms it"),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending','confirmed','ended')", name=op.f("ck_addresses_state")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_addresses_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_addresses")),
        sa.UniqueConstraint(
            "subscriber_id", "fingerprint", name=op.f("uq_addresses_subscriber_id_fingerprint")
        ),
        sa.UniqueConstraint("token", name=op.f("uq_addresses_token")),
        sqlite_autoincrement=True,
    )


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False, comment="as query.show writes it"),
        sa.Column("papers", sa.JSON(), nullable=False, comment="spider names or titles"),
        sa.Column(
            "sieve",
            sa.Text(),
            nullable=True,
            comment="derived from query and papers; null: not derived yet",
        ),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "since_seq",
            sa.Integer(),
            nullable=False,
            comment="concerns what was first seen after it",
        ),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column(
            "feed", sa.Text(), nullable=False, comment="the encrypted secret of its feed's address"
        ),
        sa.Column("feed_digest", sa.Text(), nullable=False, comment="SHA-256 of that"),
        sa.Column(
            "unsubscribe", sa.Text(), nullable=False, comment="the encrypted secret that ends it"
        ),
        sa.Column("unsubscribe_digest", sa.Text(), nullable=False, comment="SHA-256 of that"),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=False,
            comment="grows with every change of any of them",
        ),
        sa.CheckConstraint(
            "state IN ('active','paused','removed')", name=op.f("ck_subscriptions_state")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"], ["subscribers.id"], name=op.f("fk_subscriptions_subscriber_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("feed_digest", name=op.f("uq_subscriptions_feed_digest")),
        sa.UniqueConstraint("unsubscribe_digest", name=op.f("uq_subscriptions_unsubscribe_digest")),
        sqlite_autoincrement=True,
    )
    kept = sa.text("state != 'removed'")
    op.create_index(
        "ix_subscriptions_subscriber_id_name",
        "subscriptions",
        ["subscriber_id", "name"],
        unique=True,
        sqlite_where=kept,
        postgresql_where=kept,
    )
    op.create_index("ix_subscriptions_revision", "subscriptions", ["revision"], unique=False)
    op.create_table(
        "routes",
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column(
            "fallback",
            sa.Boolean(),
            nullable=False,
            comment="only where the others have failed",
        ),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_routes_subscription_id")
        ),
        sa.ForeignKeyConstraint(
            ["address_id"], ["addresses.id"], name=op.f("fk_routes_address_id")
        ),
        sa.PrimaryKeyConstraint("subscription_id", "address_id", name=op.f("pk_routes")),
    )


def _matches() -> None:
    op.create_table(
        "matches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("first_seen", sa.Text(), nullable=True),
        sa.Column("recorded", sa.Text(), nullable=True),
        sa.Column("matched", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('new','edited','reprint')", name=op.f("ck_matches_kind")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_matches_subscription_id")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_matches_article_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
        sa.UniqueConstraint(
            "subscription_id", "article_id", name=op.f("uq_matches_subscription_id_article_id")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_matches_article_id", "matches", ["article_id"], unique=False)


def _outbox() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="by which a receiver knows it again"),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("address_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False, comment="when it was due at first"),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "lease", sa.Text(), nullable=True, comment="random; of whoever has it, or had it last"
        ),
        sa.Column("leased_until", sa.Text(), nullable=True),
        sa.Column("created", sa.Text(), nullable=False),
        sa.Column("sent", sa.Text(), nullable=True),
        sa.Column("confirmed", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True, comment="redacted"),
        sa.Column(
            "parts",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="have arrived",
        ),
        sa.CheckConstraint(
            "state IN ('waiting','leased','sent','dead','cancelled','expired')",
            name=op.f("ck_deliveries_state"),
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_deliveries_subscription_id")
        ),
        sa.ForeignKeyConstraint(
            ["address_id"], ["addresses.id"], name=op.f("fk_deliveries_address_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("key", name=op.f("uq_deliveries_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_state_due", "deliveries", ["state", "due"], unique=False)
    waiting, leased = sa.text("state = 'waiting'"), sa.text("state = 'leased'")
    op.create_index(
        "ix_deliveries_waiting",
        "deliveries",
        ["subscription_id", "address_id", "id"],
        unique=False,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index(
        "ix_deliveries_leased",
        "deliveries",
        ["subscription_id", "address_id"],
        unique=True,
        sqlite_where=leased,
        postgresql_where=leased,
    )
    op.create_table(
        "delivery_matches",
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("match_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_matches_delivery_id")
        ),
        sa.ForeignKeyConstraint(
            ["match_id"], ["matches.id"], name=op.f("fk_delivery_matches_match_id")
        ),
        sa.PrimaryKeyConstraint("delivery_id", "match_id", name=op.f("pk_delivery_matches")),
    )
    op.create_index("ix_delivery_matches_match_id", "delivery_matches", ["match_id"], unique=False)
