"""The tables of people, their subscriptions, and what is sent to them; the others: `schema`."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from newscrawl.catalogue.schema import metadata

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("language", Text, nullable=False),
    Column("quiet_from", Text, comment="HH:MM in Asia/Shanghai"),
    Column("quiet_until", Text, comment="HH:MM in Asia/Shanghai"),
    Column("created", Text, nullable=False),
    CheckConstraint("language IN ('zh','en')", name="language"),
    CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet"),
    sqlite_autoincrement=True,
)

_RESTS = text("rests IS NOT NULL")
addresses = Table(
    "addresses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscriber_id", ForeignKey("subscribers.id"), nullable=False),
    Column("kind", Text, nullable=False, comment="email, webhook, or a service's scheme"),
    Column("shown", Text, nullable=False, comment="redacted: what lists and errors may say"),
    Column("sealed", Text, nullable=False, comment="the encrypted URL"),
    Column("fingerprint", Text, nullable=False, comment="keyed hash of the URL"),
    Column("state", Text, nullable=False),
    Column("token", Text, unique=True, comment="SHA-256 of what confirms it"),
    Column("created", Text, nullable=False),
    Column("confirmed", Text),
    Column("rests", Text, comment="until when it has asked for nothing"),
    UniqueConstraint("subscriber_id", "fingerprint"),
    Index("ix_addresses_rests", "rests", sqlite_where=_RESTS, postgresql_where=_RESTS),
    CheckConstraint("state IN ('pending','confirmed','ended')", name="state"),
    sqlite_autoincrement=True,
)

_KEPT = text("state != 'removed'")
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscriber_id", ForeignKey("subscribers.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False, comment="as query.show writes it"),
    Column("papers", JSON, nullable=False, comment="spider names or titles"),
    Column("sieve", Text, comment="derived from query and papers; null: not derived yet"),
    Column("rhythm", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("since_seq", Integer, nullable=False, comment="concerns what was first seen after it"),
    Column("created", Text, nullable=False),
    Column("feed", Text, nullable=False, comment="the encrypted secret of its feed's address"),
    Column("feed_digest", Text, nullable=False, unique=True, comment="SHA-256 of that"),
    Column("unsubscribe", Text, nullable=False, comment="the encrypted secret that ends it"),
    Column("unsubscribe_digest", Text, nullable=False, unique=True, comment="SHA-256 of that"),
    Column("revision", Integer, nullable=False, comment="grows with every change of any of them"),
    Index(
        "ix_subscriptions_subscriber_id_name",
        "subscriber_id",
        "name",
        unique=True,
        sqlite_where=_KEPT,
        postgresql_where=_KEPT,
    ),
    Index("ix_subscriptions_revision", "revision"),
    CheckConstraint("state IN ('active','paused','removed')", name="state"),
    sqlite_autoincrement=True,
)

routes = Table(
    "routes",
    metadata,
    Column("subscription_id", ForeignKey("subscriptions.id"), primary_key=True),
    Column("address_id", ForeignKey("addresses.id"), primary_key=True),
    Column("fallback", Boolean, nullable=False, comment="only where the others have failed"),
    Column("place", Integer, nullable=False),
)

matches = Table(
    "matches",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subscription_id", ForeignKey("subscriptions.id"), nullable=False),
    Column("article_id", ForeignKey("articles.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("published", Text),
    Column("first_seen", Text),
    Column("recorded", Text),
    Column("matched", Text),
    UniqueConstraint("subscription_id", "article_id"),
    Index("ix_matches_article_id", "article_id"),
    CheckConstraint("kind IN ('new','edited','reprint')", name="kind"),
    sqlite_autoincrement=True,
)

_LEASED = text("state = 'leased'")
_WAITING = text("state = 'waiting'")
_SENT = text("sent IS NOT NULL")
_FAILING = text("state = 'waiting' AND failing IS NOT NULL")
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True, comment="by which a receiver knows it again"),
    Column("subscription_id", ForeignKey("subscriptions.id"), nullable=False),
    Column("address_id", ForeignKey("addresses.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("slot", Text, nullable=False, comment="when it was due at first"),
    Column("due", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("lease", Text, comment="random; of whoever has it, or had it last"),
    Column("leased_until", Text),
    Column("created", Text, nullable=False),
    Column("sent", Text),
    Column("confirmed", Text),
    Column("error", Text, comment="redacted"),
    Column("parts", Integer, nullable=False, server_default=text("0"), comment="have arrived"),
    Column(
        "division",
        JSON(none_as_null=True),
        comment="matches of each part; null: not sent yet, or in one",
    ),
    Column("failing", Text, comment="since when; null: it was not tried, or not put off"),
    Column(
        "left_out",
        Integer,
        nullable=False,
        server_default=text("0"),
        comment="matches that became old while it waited",
    ),
    Index("ix_deliveries_state_due", "state", "due"),
    Index(
        "ix_deliveries_waiting",
        "subscription_id",
        "address_id",
        "id",
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
    Index(
        "ix_deliveries_leased",
        "subscription_id",
        "address_id",
        unique=True,
        sqlite_where=_LEASED,
        postgresql_where=_LEASED,
    ),
    Index("ix_deliveries_sent", "sent", sqlite_where=_SENT, postgresql_where=_SENT),
    Index("ix_deliveries_failing", "failing", sqlite_where=_FAILING, postgresql_where=_FAILING),
    CheckConstraint(
        "state IN ('waiting','leased','sent','dead','cancelled','expired')", name="state"
    ),
    sqlite_autoincrement=True,
)

delivery_matches = Table(
    "delivery_matches",
    metadata,
    Column("delivery_id", ForeignKey("deliveries.id"), primary_key=True),
    Column("match_id", ForeignKey("matches.id"), primary_key=True),
    Index("ix_delivery_matches_match_id", "match_id"),
)

marks = Table(
    "marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
)
"""Up to which version something is done: `matched`; how often something was: `withdrawn`."""

index_marks = Table(
    "index_marks",
    metadata,
    Column("mark", Integer, primary_key=True, autoincrement=False),
    Column("beyond", Integer, nullable=False, comment="the mark before: what is between is meant"),
    Column("at", Text, nullable=False, comment="since when that can be found"),
)
