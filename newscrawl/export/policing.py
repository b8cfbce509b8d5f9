"""What of the chosen articles may go out, by the policy of each paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from newscrawl.catalogue.policies import FULL, Policies, Policy
from newscrawl.errors import NewscrawlError
from newscrawl.text.clean import bounded


class NotAllowed(NewscrawlError):
    """A paper's policy keeps its pages from going out."""


class Withheld(NamedTuple):
    """A paper of which less went out than was asked for."""

    paper: str
    """The spider's name."""
    policy: str
    """Its name."""
    own: bool
    """Whether the paper has it for itself: a policy for all others would not change it."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The stored policies, for one export made narrower."""

    stored: Policies
    narrower: Policy | None = None
    """Nothing beyond it goes out, whatever is stored."""

    def of(self, paper: str) -> Policy:
        """What holds for a paper, by the spider's name."""
        return self.stored.of(paper).within(self.narrower)

    def text(self, paper: str, body: str) -> str | None:
        """What goes out of a text; None: nothing."""
        characters = self.of(paper).characters
        if characters is None:
            return body
        return bounded(body, characters) if characters else None

    def names(self, papers: Iterable[str]) -> dict[str, str]:
        """The policies' names, by the spider's."""
        return {paper: self.of(paper).name for paper in sorted(papers)}

    def withheld(self, papers: Iterable[str]) -> list[Withheld]:
        """The papers whose stored policy is narrower than what was asked for."""
        asked = self.narrower or FULL
        return [
            Withheld(paper, self.of(paper).name, paper in self.stored.own)
            for paper in sorted(papers)
            if self.of(paper) != asked
        ]

    def require_whole(self, papers: Iterable[str], kind: str) -> None:
        """Raises NotAllowed unless whole pages of all these papers may go out."""
        kept = {name: policy for name, policy in self.names(papers).items() if policy != "full"}
        if not kept:
            return
        named = ", ".join(f"{paper} ({policy})" for paper, policy in kept.items())
        if self.narrower is not None and not self.narrower.full:
            what = "leave out --policy"
        else:
            what = f"`newscrawl policy set full --paper {next(iter(kept))}` allows it"
        raise NotAllowed(
            f"{kind} carries whole pages, and the policy of {named} keeps them here: {what}, or "
            "choose jsonl, csv or parquet"
        )
