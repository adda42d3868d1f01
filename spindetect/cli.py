"""The command line: thin shells over the plain functions in `spindetect.commands`.

Only what ``--help`` needs is imported here; each command imports the rest when it runs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from spindetect import __version__
from spindetect.commands.groups import archive_app, desk_app, keys_app, users_app
from spindetect.commands.options.pair import CompareOptions, RestoreOptions
from spindetect.commands.options.report import ReportOptions
from spindetect.commands.options.scan import ScanOptions
from spindetect.commands.options.score import ScoreOptions
from spindetect.commands.options.service import ServeOptions
from spindetect.commands.options.shared import Model
from spindetect.commands.shell import command
from spindetect.settings import Settings
from spindetect.worker_life import one_thread_each

_MODEL = Settings().model

app = typer.Typer(
    help="Tell whether an article is a machine paraphrase of another one, and prove it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: nothing to import, and "[train]" stays what it is
)
app.add_typer(archive_app, name="archive")
app.add_typer(keys_app, name="keys")
app.add_typer(users_app, name="users")
app.add_typer(desk_app, name="desk")


def main() -> None:
    """Run the command line and exit."""
    if sys.stdout is None:  # closed, as by >&-: nothing is to be printed, and no file may get its number
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    one_thread_each()
    app(prog_name="spindetect")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"spindetect {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Show the version.")
    ] = False,
) -> None:
    pass


@command(app)
def score(options: ScoreOptions) -> int:
    """Score suspects against references, or without one.

    Name references with --reference, or let --archive find them. Each suspect is scored against its
    best match: the reference that shares most of its words; the higher score decides between
    equals. Without a reference or a source in the archive, a suspect is scored alone, by the
    phrases that give it away. Exit codes: 0 fine; 1 something reached --fail-at; 2 something
    could not be scored (also when something else reached --fail-at).
    """
    from spindetect.commands.score import score as run

    return run(options)


@command(app)
def restore(options: RestoreOptions) -> int:
    """Guess the original wording of a spun article.

    The likeliest originals stand in place, marked as [now -> before].
    """
    from spindetect.commands.restore import restore as run

    return run(options)


@command(app)
def compare(options: CompareOptions) -> int:
    """Show both articles and the evidence.

    Aligned sentences are shown with every word that was replaced, dropped or added, side by side
    if there is room. Below them are the reasons for the score, strongest first. Without a
    reference: the phrases that give the suspect away, their likely originals, and queries to find
    the source. Exit codes: 0 fine; 2 the articles could not be compared.
    """
    from spindetect.commands.compare import compare as run

    return run(options)


@command(app)
def report(options: ReportOptions) -> int:
    """Write an HTML report to read, print and send.

    The report is one file that loads nothing. It has the answer, the evidence in both texts side
    by side, and the commands to check it. Without a reference: the article with the phrases that
    give it away, their likely originals, and queries to find the source. Exit codes: 0 fine; 2 no
    report could be written.
    """
    from spindetect.commands.report import report as run

    return run(options)


@command(app)
def scan(options: ScanOptions) -> int:
    """Look articles up in an archive, and write a row for each.

    With neither --archive nor --self, each article is scored without a reference.
    Finished parts are kept beside the output until all are done: after a kill, the same
    command with --resume continues. An article that can't be scanned has a row with its
    error. Exit codes: 0 fine; 2 some rows hold an error, or nothing could be scanned.
    """
    from spindetect.commands.scan import scan as run

    return run(options)


@command(app)
def schema(
    form: Annotated[Literal["report", "row"], typer.Argument(help="The schema of reports, or of a scan's rows.")],
) -> int:
    """Print the JSON Schema of reports or rows, with its version."""
    from spindetect.commands.schema import schema as run

    return run(form)


@command(app)
def train(
    corpora: Annotated[Path, typer.Option(help="The folder of corpora to learn from.", metavar="DIR")],
    output: Annotated[Path, typer.Option(help="The folder to write the model to.", metavar="DIR")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same model.", metavar="N")] = 0,
    keep: Annotated[
        str | None,
        typer.Option(help="Keep all of this model but its classifier, which is fitted anew.", metavar="MODEL"),
    ] = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="With --keep: fit what scores articles alone anew, nothing else.")
    ] = False,
) -> int:
    """Train a model. Needs the extra: pip install 'spindetect[train]'."""
    from spindetect.commands.training import train as run

    return run(corpora, output, seed, keep, alone)


@command(app)
def evaluate(
    corpora: Annotated[Path, typer.Option(help="The folder of corpora to measure on.", metavar="DIR")],
    gold: Annotated[Path | None, typer.Option(help="A folder of hand-labelled alignments.", metavar="DIR")] = None,
    model: Model = _MODEL,
    output: Annotated[
        Path | None,
        typer.Option(help="Also write them to this folder, as Markdown, JSON and pictures.", metavar="DIR"),
    ] = None,
) -> int:
    """Measure a model. Needs the extra: pip install 'spindetect[train]'."""
    from spindetect.commands.training import evaluate as run

    return run(corpora, gold, model, output)


@command(app)
def serve(options: ServeOptions) -> int:
    """Run the service and its desk. Needs the extra: pip install 'spindetect[service]'.

    It listens where only this machine reaches it, and is open to it until there is an API key. Elsewhere it
    listens only when there is one. Exit codes: 0 ended when told to; 2 it could not be started.
    """
    from spindetect.commands.serve import serve_desk

    return serve_desk(options.data, options.database, options.of_service())
