"""The tables. Every unique key of the large ones begins with `series_id`, so that a distributed
PostgreSQL can shard by it; on SQLite they are clustered by that key (WITHOUT ROWID).

Text sorts by its bytes on both databases: see the end."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from db.types import ExactDecimal, FiniteFloat, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(80), nullable=False, index=True),
    Column("adapter", String(40), nullable=False),
    Column("status", String(12), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("next_due", UtcDateTime),
    Column("recipe", String(64), nullable=False, server_default=""),
    Column("content_hash", String(64)),
    Column("error_class", String(80), nullable=False, server_default=""),
    Column("message", Text, nullable=False, server_default=""),
    Column("new", Integer, nullable=False, server_default="0"),
    Column("revised", Integer, nullable=False, server_default="0"),
    Column("withdrawn", Integer, nullable=False, server_default="0"),
    Column("reinstated", Integer, nullable=False, server_default="0"),
    Column("unchanged", Integer, nullable=False, server_default="0"),
    Column("host", String(255), nullable=False, server_default=""),
    Column("pid", Integer, nullable=False, server_default="0"),
    # The day as whose release the bytes count, for an older file that was loaded by hand.
    Column("vintage", Date),
    # Which process, precisely (db/process.py): by it a run whose process died is recognized.
    Column("holder", Text, nullable=False, server_default=""),
)

Index(
    "uq_run_running",
    run.c.source,
    unique=True,
    sqlite_where=text("status = 'running'"),
    postgresql_where=text("status = 'running'"),
)

# Who leads (db/lease.py). Used on SQLite; PostgreSQL has locks that live as long as a session.
lease = Table(
    "lease",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", Text, nullable=False),
    Column("renewed_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

issue = Table(
    "issue",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", ForeignKey("run.id"), nullable=False, index=True),
    Column("severity", String(8), nullable=False),
    Column("check", String(40), nullable=False),
    Column("message", Text, nullable=False),
    Column("locator", Text, nullable=False),
    Column("raw", Text, nullable=False),
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("source", String(80), nullable=False, index=True),
    Column("origin", Text, nullable=False),
    Column("retrieved_at", UtcDateTime, nullable=False),
    Column("published_on", Date),
    Column("size", Integer().with_variant(BigInteger, "postgresql"), nullable=False),
    Column("media_type", String(120), nullable=False, server_default=""),
    Column("etag", Text),
    Column("last_modified", Text),
    UniqueConstraint("source", "origin", "sha256"),
)

# What one run met, in its order: the same bytes may be met by many runs, each at its own moment.
# By these rows the history can be told again from the snapshots.
payload = Table(
    "payload",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("snapshot_id", ForeignKey("snapshot.id"), nullable=False),
    Column("retrieved_at", UtcDateTime, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    sqlite_with_rowid=False,
)

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(400), nullable=False, unique=True),
    Column("indicator", String(80), nullable=False, index=True),
    Column("measure", String(80), nullable=False),
    Column("freq", String(4), nullable=False),
    Column("ref_area", String(7), nullable=False),
    Column("counterpart_area", String(7)),
    Column("source", String(80), nullable=False, index=True),
    Column("facets", Text, nullable=False, server_default=""),
    Column("unit", String(80), nullable=False),
)

vintage = Table(
    "vintage",
    metadata,
    Column("series_id", ForeignKey("series.id"), primary_key=True),
    Column("valid_from", UtcDateTime, primary_key=True),
    Column("origin", String(400), primary_key=True),
    Column("published_on", Date),
    Column("precision", String(16), nullable=False),
    Column("complete", Boolean, nullable=False),
    # All that this release states, compressed: what merely confirms, and what loses against another
    # release of the same moment, leaves no row in `observation`, yet decides what the history is
    # once another release arrives, is corrected or is taken back.
    Column("readings", LargeBinary, nullable=False),
    Column("snapshot_id", ForeignKey("snapshot.id")),
    Column("run_id", ForeignKey("run.id"), nullable=False),
    sqlite_with_rowid=False,
)

observation = Table(
    "observation",
    metadata,
    Column("series_id", ForeignKey("series.id"), primary_key=True),
    Column("time_period", String(24), primary_key=True),
    Column("valid_from", UtcDateTime, primary_key=True),
    Column("valid_to", UtcDateTime),
    Column("period_start", Date, nullable=False),
    Column("period_end", Date, nullable=False),
    Column("value", FiniteFloat),
    Column("value_text", ExactDecimal),
    Column("obs_status", String(1), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("evidence", String(80)),
    Column("published_on", Date),
    Column("precision", String(16), nullable=False),
    Column("snapshot_id", ForeignKey("snapshot.id")),
    Column("run_id", ForeignKey("run.id"), nullable=False),
    CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="interval"),
    sqlite_with_rowid=False,
)

Index(
    "uq_observation_current",
    observation.c.series_id,
    observation.c.time_period,
    unique=True,
    sqlite_where=text("valid_to IS NULL"),
    postgresql_where=text("valid_to IS NULL"),
)

article = Table(
    "article",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("title", Text, nullable=False),
    Column("author", Text),
    Column("publisher", Text),
    Column("url", Text),
    Column("language", String(2), nullable=False),
    Column("published_on", Date, nullable=False),
    Column("date_basis", String(8), nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("run_id", ForeignKey("run.id"), nullable=False),
)

excerpt = Table(
    "excerpt",
    metadata,
    Column("article_id", ForeignKey("article.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("exact", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("suffix", Text, nullable=False),
    Column("start", Integer, nullable=False),
    sqlite_with_rowid=False,
)

claim = Table(
    "claim",
    metadata,
    Column("id", String(161), primary_key=True),
    Column("article_id", ForeignKey("article.id"), nullable=False, index=True),
    Column("excerpt_position", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("quote", Text, nullable=False),
    Column("char_start", Integer, nullable=False),
    Column("char_end", Integer, nullable=False),
    Column("indicator", String(80), nullable=False, index=True),
    Column("measure", String(80), nullable=False),
    Column("facets", Text, nullable=False),
    Column("value_low", ExactDecimal),
    Column("value_high", ExactDecimal),
    Column("comparator", String(8), nullable=False),
    Column("rounding_unit", ExactDecimal, nullable=False),
    Column("unit", String(80), nullable=False),
    Column("currency", String(3)),
    Column("geography", Text, nullable=False),
    Column("ref_areas", Text, nullable=False),
    Column("counterpart_areas", Text, nullable=False),
    Column("period_start", Date),
    Column("period_end", Date),
    Column("status", String(16), nullable=False),
    Column("attributed_to", Text),
    Column("claim_class", String(12), nullable=False),
    Column("review_state", String(10), nullable=False),
    Column("reviewer", Text),
    Column("reviewed_on", Date),
    Column("extractor", String(40), nullable=False),
)

# SQLite compares text byte by byte; PostgreSQL by the rules of a language, unless a column says
# otherwise. A new text column of a later migration says so, too: `COLLATE "C"`.
for _table in metadata.tables.values():
    for _column in _table.columns:
        if isinstance(_column.type, String):
            _plain = type(_column.type)(_column.type.length, collation="C")
            _column.type = _column.type.with_variant(_plain, "postgresql")
