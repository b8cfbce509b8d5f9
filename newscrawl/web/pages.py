"""Pages: templates that escape whatever they are given, in the reader's language."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from newscrawl.alerts.feeds import Language
from newscrawl.web.language import language_of
from newscrawl.web.wording import WORDING

_TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}


class Pages:
    """The templates beside this module."""

    def __init__(self) -> None:
        self.templates = Environment(
            loader=PackageLoader("newscrawl.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(
        self, request: Request, name: str, status: int = 200, /, **values: Any
    ) -> HTMLResponse:
        """The template `name` with these values, and with the words of the reader's language."""
        language = language_of(request)
        html = self.templates.get_template(name).render(
            words=WORDING[language], language=_TAGS[language], **values
        )
        told = {"content-language": _TAGS[language], "vary": "accept-language"}
        return HTMLResponse(html, status, told)
