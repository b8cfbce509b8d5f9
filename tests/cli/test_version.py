from __future__ import annotations

import newscrawl
from newscrawl.cli import app


def test_it_says_which_newscrawl_it_is(capsys):
    assert not app()(["--version"], standalone_mode=False)
    assert capsys.readouterr().out == f"newscrawl {newscrawl.__version__}\n"
