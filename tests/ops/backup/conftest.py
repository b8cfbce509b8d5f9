"""A home and the directory of its backups."""

from __future__ import annotations

import shutil

import pytest

from newscrawl.home import Home
from tests.homes import small_home


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return small_home(tmp_path_factory.mktemp("sound") / "家")


@pytest.fixture
def home(sound, tmp_path):
    """A copy of the sound home."""
    return Home(shutil.copytree(sound.root, tmp_path / "家"))


@pytest.fixture
def vault(tmp_path):
    return tmp_path / "备份"
