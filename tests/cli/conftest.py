"""The query script as a test calls it, in the test's own process."""

from __future__ import annotations

import pytest

from newscrawl import search as script


@pytest.fixture
def command(home, monkeypatch, capsys):
    """Runs the query script: its status, what it printed, what it said on stderr."""
    monkeypatch.setenv("NEWSCRAWL_HOME", str(home.root))

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["search", *arguments])
        with pytest.raises(SystemExit) as ended:
            script.main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return run
