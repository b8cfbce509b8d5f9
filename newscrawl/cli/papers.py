"""The papers that there are spiders for, whether anything was collected of them or not."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from newscrawl import settings


def known_papers() -> list[str]:
    """Their names: each has a module that is called like it. None of these is loaded."""
    return sorted(name for _package, name in _modules())


def declared_titles() -> dict[str, str]:
    """Their titles by name. Loads the spiders, and Scrapy with them."""
    modules = [importlib.import_module(f"{package}.{name}") for package, name in _modules()]
    named = (
        (getattr(each, "name", None), getattr(each, "title", None))
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type) and each.__module__ == module.__name__
    )
    return {name: title or name for name, title in named if name}


def _modules() -> Iterator[tuple[str, str]]:
    for package in settings.SPIDER_MODULES:
        for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
            yield package, module.name
