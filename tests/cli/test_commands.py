"""One command is loaded without the others."""

from __future__ import annotations

import subprocess
import sys

import pytest

from newscrawl.cli import COMMANDS, app

LOADS_ONE = """
import sys
from newscrawl.cli import app
app("reindex")
assert "newscrawl.cli.reindex" in sys.modules
others = ("newscrawl.results", "newscrawl.ops")
print(sorted(name for name in sys.modules if name.startswith(others)))
"""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_by_itself_and_among_all(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for made in (app(name), app()):
        assert not made([name, "--help"], standalone_mode=False)
        usage = capsys.readouterr().out.split("[", 1)[0]
        assert usage.split()[-1] == name


def test_a_word_that_is_no_command_loads_all() -> None:
    names = {each.name for each in app("nothing").registered_commands}
    assert {"show", "search", "reindex"} <= names
    assert {each.name for each in app("show").registered_commands} == {"show"}


def test_a_command_does_not_load_the_others() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADS_ONE], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['newscrawl.ops', 'newscrawl.ops.place']"
