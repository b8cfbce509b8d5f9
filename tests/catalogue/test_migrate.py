from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import text

from newscrawl.catalogue import sqlite
from newscrawl.catalogue.connection import Catalogue, CatalogueError
from newscrawl.catalogue.migrate import REVISIONS, NewerSchema
from newscrawl.catalogue.schema import metadata


def test_the_migrations_make_the_schema_that_the_code_uses(tmp_path):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    Catalogue.open(tmp_path / "made.db").close()
    engine = sqlite.connect(tmp_path / "made.db")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
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
