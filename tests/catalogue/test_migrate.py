from __future__ import annotations

import subprocess
import sys

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from newscrawl.catalogue import matches, placement, runs, sqlite, stories, tombstones, versions
from newscrawl.catalogue.alert_schema import subscriptions
from newscrawl.catalogue.connection import Catalogue, CatalogueError
from newscrawl.catalogue.migrate import REVISIONS, NewerSchema
from tests.reports import FERRY, LIBRARY, cut


def upgrade(connection, revision):
    config = Config()
    config.set_main_option("script_location", "newscrawl.catalogue:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def test_the_migrations_make_the_schema_that_the_code_uses(tmp_path):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    Catalogue.open(tmp_path / "made.db").close()
    engine = sqlite.connect(tmp_path / "made.db")
    with engine.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection), subscriptions.metadata
        )
    engine.dispose()
    assert differences == []


def test_a_newer_schema_is_refused_in_one_line(tmp_path):
    made = Catalogue.open(tmp_path / "newscrawl.db")
    with made.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    made.close()
    with pytest.raises(NewerSchema) as refusal:
        Catalogue.open(tmp_path / "newscrawl.db")
    assert "9999" in str(refusal.value)
    assert REVISIONS[-1] in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_processes_that_begin_together_migrate_once(tmp_path):
    code = (
        "import pathlib, sys; from newscrawl.catalogue.connection import Catalogue; "
        "Catalogue.open(pathlib.Path(sys.argv[1])).close()"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "newscrawl.db")]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
    errors = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0, 0], errors


def test_f12_a_file_that_is_no_database_is_one_clear_line(tmp_path):
    path = tmp_path / "newscrawl.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(CatalogueError) as refusal:
        Catalogue.open(path)
    assert str(path) in str(refusal.value)
    assert "doctor" in str(refusal.value)


def old_catalogue(path, bodies):
    """A catalogue as the foundation left it: an article a body, equal bodies one story."""
    engine = sqlite.connect(path)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        upgrade(connection, "0001")
        for statement in OLD_ROWS.split(";"):
            connection.execute(text(statement))
        for number, body in enumerate(bodies, 1):
            row = {"n": number, "story": bodies.index(body) + 1, "body": body}
            for statement in OLD_ARTICLE.split(";"):
                connection.execute(text(statement), row)
    engine.dispose()


OLD_ROWS = """
INSERT INTO papers VALUES ('hangzhou_daily', '杭州日报');
INSERT INTO snapshots (record_id, kind, paper, day, requested_url, url, captured_at, status, path,
    "offset", length, payload_digest)
VALUES ('r', 'article', 'hangzhou_daily', '2023-12-15', 'u', 'u', 't', 200, 'x', 0, 1, 'd')
"""
OLD_ARTICLE = """
INSERT OR IGNORE INTO stories VALUES (:story, 'digest ' || :story, 'first', 'seen');
INSERT INTO articles
VALUES (:n, 'hangzhou_daily', '2023-12-15', 'A01', :n, 'u', 'seen', :story);
INSERT INTO versions (article_id, n, digest, record_id, first_seen, state, live, kicker, headline,
    subhead, body, source, page_name, fields)
VALUES (:n, 1, 'd', 'r', 'seen', 'sound', :n < 6, '', '', '', :body, '', '', '{}')
"""


def test_the_articles_of_an_old_catalogue_find_their_stories(tmp_path):
    path = tmp_path / "newscrawl.db"
    bodies = ["\n".join(each) for each in (FERRY, FERRY, cut(FERRY), LIBRARY, ["见图。"], FERRY)]
    old_catalogue(path, bodies)
    made = Catalogue.open(path)
    with made.read() as connection:
        found = stories.of_seqs(connection, range(1, 7))
        assert found[1] == found[2] == found[3]
        assert len(set(found.values())) == 4  # the last was never to be found
        kept = connection.scalars(text("SELECT id FROM stories")).all()
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    made.close()
    assert set(kept) == set(found.values())
    assert path.with_suffix(f".before-{REVISIONS[-1]}.db").exists()


def test_a_migration_that_is_cut_off_leaves_the_old_catalogue(tmp_path, monkeypatch):
    path = tmp_path / "newscrawl.db"
    old_catalogue(path, ["\n".join(FERRY)] * 2)
    with monkeypatch.context() as broken:
        broken.setattr(placement, "judge_all", lambda _connection: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            Catalogue.open(path)
    Catalogue.open(path).close()


def test_what_was_there_before_subscriptions_is_matched_by_none(tmp_path):
    path = tmp_path / "newscrawl.db"
    old_catalogue(path, ["\n".join(FERRY), "\n".join(LIBRARY)])
    engine = sqlite.connect(path)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        upgrade(connection, "0003")
    engine.dispose()
    made = Catalogue.open(path)
    with made.read() as connection:
        assert matches.matched(connection) == versions.newest_seq(connection) == 2
        assert connection.scalars(text("SELECT recorded FROM versions")).all() == [None, None]
    made.close()


def test_only_runs_to_come_know_a_tombstone_that_there_was(tmp_path):
    path = tmp_path / "newscrawl.db"
    engine = sqlite.connect(path)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        upgrade(connection, "0012")
        for paper in ("a", "b"):
            connection.execute(
                text("INSERT INTO runs (paper, started) VALUES (:p, '')"), {"p": paper}
            )
        connection.execute(
            text(
                "INSERT INTO tombstones (id, kind, target, scope, reason, category, 'by', at,"
                " paper, day, state, legal_hold) VALUES"
                " ('0', 'prefix', 'a.example/', 'erase', '', 'other', '', '', '', '', 'told', 0)"
            )
        )
    engine.dispose()
    made = Catalogue.open(path)
    with made.write() as tx:
        assert tombstones.known_to(tx, "0") == set()
        runs.begin(tx, "b", "")
        assert tombstones.known_to(tx, "0") == {"b"}
    made.close()
