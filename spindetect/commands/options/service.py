"""Arguments and options of ``spindetect serve``."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any

import typer

from spindetect.commands.options.shared import DATA, SCORING, Data, Database
from spindetect.settings import Settings


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """The arguments of one call of ``spindetect serve``; ``workers`` of 0 stands for one on each core."""

    host: Annotated[str, typer.Option(help="The address to listen at.", metavar="HOST")] = "127.0.0.1"
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at.", metavar="N")] = 8000
    archive: Annotated[
        Path | None,
        typer.Option(help="The archive to find sources in; made when articles are added.", metavar="ARCHIVE"),
    ] = None
    data: Data = DATA
    database: Database = None
    workers: Annotated[int, typer.Option(min=0, help="Processes that score; 0: one on each core.", metavar="N")] = 0
    case_at: Annotated[
        float,
        typer.Option(
            min=0, max=100, help="Score or reuse from which a suspect becomes a case at the desk.", metavar="SCORE"
        ),
    ] = 50.0
    keep_days: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Delete a case's texts this many days after its decision, which stays. [default: never]",
            metavar="DAYS",
        ),
    ] = None
    hosts: Annotated[
        list[str],
        typer.Option(
            "--allow-host", help="A name under which the service is reached; may be repeated.", metavar="NAME"
        ),
    ] = field(default_factory=list)
    user_header: Annotated[
        str | None,
        typer.Option(help="The header in which a proxy says who is at the desk; takes --proxy.", metavar="HEADER"),
    ] = None
    proxies: Annotated[
        list[str],
        typer.Option("--proxy", help="The proxy's address; only it may send --user-header.", metavar="ADDRESS"),
    ] = field(default_factory=list)
    secure_cookies: Annotated[
        bool,
        typer.Option("--secure-cookies", help="Send cookies by HTTPS only; for a service behind an HTTPS proxy."),
    ] = False
    settings: Annotated[Settings, SCORING] = field(
        default_factory=lambda: Settings(
            max_characters=500_000, max_words=40_000, link_seconds=20.0, link_bytes=8_000_000
        )
    )

    def of_service(self) -> dict[str, Any]:
        """All but where the data are, as fields of `spindetect.service.settings.ServiceSettings`."""
        apart = {"data", "database", "settings"}
        chosen = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in apart}
        return {**chosen, "hosts": tuple(self.hosts), "proxies": tuple(self.proxies), "detector": self.settings}
