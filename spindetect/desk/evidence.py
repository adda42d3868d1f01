"""A stored report taken apart, so that its evidence can stand on a case's page with its own style and script."""

from __future__ import annotations

from dataclasses import dataclass

from spindetect.report.html.page import policy_digest


@dataclass(frozen=True, slots=True)
class Evidence:
    """A report's style, body and script. All of it was written by spindetect; texts in it are escaped."""

    style: str
    body: str
    script: str

    @property
    def style_digest(self) -> str:
        """The style's digest, as content security policies write it."""
        return policy_digest(self.style)

    @property
    def script_digest(self) -> str:
        """The script's digest."""
        return policy_digest(self.script)


def evidence_in(page: str) -> Evidence | None:
    """The parts of a stored report; None when it isn't one.

    Markup in an article is escaped, so these are the page's: its first style, its last script.

    >>> evidence_in("<style>a</style><body>b<script>c</script></body>")
    Evidence(style='a', body='b', script='c')
    """
    head, began, rest = page.partition("<body")
    style, styled, _ = head.partition("<style>")[2].partition("</style>")
    inside, ended, _ = rest.partition(">")[2].rpartition("</body>")
    body, scripted, last = inside.rpartition("<script>")
    script, closed, _ = last.rpartition("</script>")
    return Evidence(style, body, script) if began and styled and ended and scripted and closed else None
