"""The command line: thin shells over the plain functions in `spindetect.commands`.

Only what ``--help`` needs is imported here; each command imports the rest when it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer

from spindetect import __version__
from spindetect.commands.streams import BROKEN_PIPE, FAILED, INTERRUPTED, abandon_output, complain
from spindetect.errors import SpindetectError
from spindetect.kinds import KINDS
from spindetect.settings import Settings

_DEFAULTS = Settings()

app = typer.Typer(
    help="Tell whether an article is a machine paraphrase of another one, and prove it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: nothing to import, and "[train]" stays what it is
)

Model = Annotated[str, typer.Option(help="A model's name, or the folder it is in.", metavar="MODEL")]
Pipeline = Annotated[
    str | None, typer.Option(help="An installed spaCy pipeline to find sentences with.", metavar="NAME")
]
MaxCharacters = Annotated[int, typer.Option(min=1, help="Longer articles are refused.", metavar="N")]
MaxWords = Annotated[int, typer.Option(min=1, help="Articles of more words are refused.", metavar="N")]
Ignore = Annotated[
    list[str],
    typer.Option(
        help="A text that everybody shares, as boilerplate or a press release; what is from it doesn't count. "
        "May be given several times.",
        metavar="FILE",
    ),
]
Strict = Annotated[
    bool, typer.Option("--strict", help="It is an error when a folder has files of no format that is read.")
]
GranularityOption = Annotated[
    Literal["substitution", "edit"],
    typer.Option(
        "--granularity",
        help="With edit, JSON has the changes as annotators mark them, too: touching ones as one, what was "
        "inserted and deleted apart.",
    ),
]
AllowPrivate = Annotated[
    bool, typer.Option("--allow-private", help="Links may lead to this machine and to private networks.")
]
IgnoreRobots = Annotated[
    bool, typer.Option("--ignore-robots", help="Fetch what a site's robots.txt forbids to programs.")
]
SaveEvidence = Annotated[
    str | None,
    typer.Option(help="Keep what links led to in this folder, as WARC files with time and SHA-256.", metavar="DIR"),
]
Date = Annotated[
    str | None,
    typer.Option("--date", help="The day that reports bear, as 2026-11-29. [default: today]", metavar="DAY"),
]
Anonymous = Annotated[
    bool, typer.Option("--anonymous", help="Leave out the names of outlets, links and file names in reports.")
]
SuspectName = Annotated[
    str | None, typer.Option("--name", help="The suspect's name, in place of its file's.", metavar="NAME")
]
SuspectTitle = Annotated[str | None, typer.Option("--title", help="The suspect's title.", metavar="TITLE")]
SuspectAddress = Annotated[str | None, typer.Option("--url", help="The suspect's address.", metavar="URL")]
SuspectOutlet = Annotated[str | None, typer.Option("--outlet", help="The suspect's outlet.", metavar="OUTLET")]
SuspectTime = Annotated[
    str | None, typer.Option("--published", help="The suspect's time of publication.", metavar="TIME")
]
ReferenceName = Annotated[
    str | None,
    typer.Option("--reference-name", help="The reference's name, in place of its file's.", metavar="NAME"),
]
ReferenceTitle = Annotated[
    str | None, typer.Option("--reference-title", help="The reference's title.", metavar="TITLE")
]
ReferenceAddress = Annotated[
    str | None, typer.Option("--reference-url", help="The reference's address.", metavar="URL")
]
ReferenceOutlet = Annotated[
    str | None, typer.Option("--reference-outlet", help="The reference's outlet.", metavar="OUTLET")
]
ReferenceTime = Annotated[
    str | None, typer.Option("--reference-published", help="The reference's time of publication.", metavar="TIME")
]
Suspect = Annotated[
    str, typer.Argument(help="The article to examine: a file, a link, or - for standard input.", metavar="SUSPECT")
]
WithText = Annotated[
    bool, typer.Option("--with-text", help="Put the texts as read into the JSON; spans count in them.")
]
FromArchive = Annotated[
    Path | None, typer.Option(help="In place of REFERENCE: an archive to find the source in.", metavar="ARCHIVE")
]
ArchivePath = Annotated[Path, typer.Argument(help="The archive's folder.", metavar="ARCHIVE")]
View = Annotated[Literal["table", "json"], typer.Option(help="How to write it.")]

archive_app = typer.Typer(
    help="Keep an archive of trusted articles, and find a suspect's sources in it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(archive_app, name="archive")
keys_app = typer.Typer(help="API keys of the service.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(keys_app, name="keys")
users_app = typer.Typer(help="Accounts of the desk.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(users_app, name="users")

Data = Annotated[
    Path,
    typer.Option(help="The folder where the service keeps its database.", metavar="DIR", envvar="SPINDETECT_DATA"),
]
Database = Annotated[
    str | None,
    typer.Option(
        help="Another database, as postgresql://user:password@host/name.",
        metavar="URL",
        envvar="SPINDETECT_DATABASE",
    ),
]
_DATA = Path("spindetect-service")


def main() -> None:
    """Run the command line and exit."""
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


@app.command()
def score(
    suspects: Annotated[
        list[str],
        typer.Argument(
            help="Articles to score: files, folders of articles, links, or - for standard input.",
            metavar="SUSPECT",
        ),
    ],
    reference: Annotated[
        list[str],
        typer.Option(
            help="An article, a link, or a folder of articles to score against; may be given several times.",
            metavar="REF",
        ),
    ] = [],  # noqa: B006
    archive: Annotated[
        Path | None,
        typer.Option(help="In place of --reference: an archive to find the sources in.", metavar="ARCHIVE"),
    ] = None,
    candidates: Annotated[
        int | None,
        typer.Option(
            min=1, help="With --archive: articles to compare each suspect with. [default: 5]", metavar="N"
        ),
    ] = None,
    ignore: Ignore = [],  # noqa: B006
    format: Annotated[
        Literal["table", "json", "jsonl", "csv"], typer.Option(help="How to write the results.")
    ] = "table",
    granularity: GranularityOption = "substitution",
    output: Annotated[
        Path | None, typer.Option(help="Write to this file instead of standard output.", metavar="FILE")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Let --output replace a file that doesn't hold scores.")
    ] = False,
    strict: Strict = False,
    with_text: WithText = False,
    jobs: Annotated[int, typer.Option(min=1, help="Processes to score with.", metavar="N")] = 1,
    fail_at: Annotated[
        list[str],
        typer.Option(
            help="Exit with 1 when a score is this or higher, or with reuse=NUMBER the reuse; may be repeated. A "
            "suspect whose reference is told to be the copy doesn't count.",
            metavar="SCORE",
        ),
    ] = [],  # noqa: B006
    report_dir: Annotated[
        Path | None,
        typer.Option(
            help="Also write an HTML report on each suspect, and an index, to this folder.", metavar="DIR"
        ),
    ] = None,
    date: Date = None,
    anonymous: Anonymous = False,
    allow_private: AllowPrivate = _DEFAULTS.allow_private,
    ignore_robots: IgnoreRobots = _DEFAULTS.ignore_robots,
    save_evidence: SaveEvidence = _DEFAULTS.evidence,
    model: Model = _DEFAULTS.model,
    pipeline: Pipeline = _DEFAULTS.pipeline,
    max_characters: MaxCharacters = _DEFAULTS.max_characters,
    max_words: MaxWords = _DEFAULTS.max_words,
) -> None:
    """Score each suspect against the reference that it matches best, or alone.

    References are named with --reference, or found with --archive. The best match is the
    one that accounts for most of the suspect's words as they stand; the higher score decides
    between equals. Without either, or with no source in the archive, each is scored alone, by
    the phrases that give it away. Exit codes: 0 fine; 1 something reached --fail-at; 2 something
    could not be scored (also when something else reached --fail-at).
    """
    from spindetect.commands.limits import parse_limits
    from spindetect.commands.score import ScoreOptions
    from spindetect.commands.score import score as run

    def scored() -> int:
        return run(
            ScoreOptions(
                suspects,
                reference,
                format,
                output,
                jobs,
                parse_limits(fail_at),
                report_dir,
                Settings(
                    model,
                    pipeline,
                    max_characters,
                    max_words,
                    **_links(allow_private, ignore_robots, save_evidence),
                ),
                archive,
                candidates,
                ignore,
                force,
                strict,
                with_text,
                date,
                anonymous,
                granularity,
            )
        )

    _exit_with(scored)


@app.command()
def restore(
    suspect: Annotated[str, typer.Argument(help="An article, or - for standard input.", metavar="SUSPECT")],
    format: Annotated[
        Literal["marked", "plain", "json"],
        typer.Option(help="With every change marked, the text alone, or with all guesses."),
    ] = "marked",
    output: Annotated[
        Path | None, typer.Option(help="Write to this file instead of standard output.", metavar="FILE")
    ] = None,
    ignore: Ignore = [],  # noqa: B006
    allow_private: AllowPrivate = _DEFAULTS.allow_private,
    ignore_robots: IgnoreRobots = _DEFAULTS.ignore_robots,
    save_evidence: SaveEvidence = _DEFAULTS.evidence,
    model: Model = _DEFAULTS.model,
    pipeline: Pipeline = _DEFAULTS.pipeline,
    max_characters: MaxCharacters = _DEFAULTS.max_characters,
) -> None:
    """Guess what a spun article said before: the likeliest originals in place, marked as [now -> before]."""
    from spindetect.commands.restore import RestoreOptions
    from spindetect.commands.restore import restore as run

    settings = Settings(model, pipeline, max_characters, **_links(allow_private, ignore_robots, save_evidence))
    options = RestoreOptions(suspect, format, output, ignore, settings)
    _exit_with(lambda: run(options))


@app.command()
def compare(
    suspect: Suspect,
    reference: Annotated[
        str | None,
        typer.Argument(
            help="The article it may be made from: a file, a link, or -; without one the suspect stands alone.",
            metavar="REFERENCE",
        ),
    ] = None,
    archive: FromArchive = None,
    ignore: Ignore = [],  # noqa: B006
    format: Annotated[Literal["text", "json"], typer.Option(help="A view to read, or the full report.")] = "text",
    granularity: GranularityOption = "substitution",
    color: Annotated[
        Literal["auto", "always", "never"], typer.Option(help="Colour; auto: when a terminal shows it.")
    ] = "auto",
    with_text: WithText = False,
    width: Annotated[
        int | None,
        typer.Option(
            min=40,
            help="Columns to use; side by side from 100 on. [default: the terminal's, up to 160; 80 when piped]",
            metavar="N",
        ),
    ] = None,
    only_changed: Annotated[
        bool, typer.Option("--only-changed", help="Leave out sentences in which nothing was changed.")
    ] = False,
    kinds: Annotated[
        str | None,
        typer.Option(
            help=f"Mark only these kinds of substitutions: {', '.join(KINDS)}; several as name,term.",
            metavar="KIND,...",
        ),
    ] = None,
    allow_private: AllowPrivate = _DEFAULTS.allow_private,
    ignore_robots: IgnoreRobots = _DEFAULTS.ignore_robots,
    save_evidence: SaveEvidence = _DEFAULTS.evidence,
    model: Model = _DEFAULTS.model,
    pipeline: Pipeline = _DEFAULTS.pipeline,
    max_characters: MaxCharacters = _DEFAULTS.max_characters,
    max_words: MaxWords = _DEFAULTS.max_words,
) -> None:
    """Show both articles and the evidence.

    They are shown sentence by aligned sentence with all that was replaced, dropped and
    added, side by side where there is room, and below them the reasons for the score,
    strongest first. Without a reference: the phrases that give the suspect away, what they may have
    said, and what to search for. Exit codes: 0 fine; 2 the articles could not be compared.
    """
    from spindetect.commands.compare import CompareOptions
    from spindetect.commands.compare import compare as run

    settings = Settings(
        model, pipeline, max_characters, max_words, **_links(allow_private, ignore_robots, save_evidence)
    )
    options = CompareOptions(
        suspect,
        reference,
        format,
        color,
        width,
        kinds,
        only_changed,
        settings,
        ignore,
        archive,
        with_text,
        granularity,
    )
    _exit_with(lambda: run(options))


@app.command()
def report(
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write; - for standard output.", metavar="FILE")
    ],
    suspect: Annotated[
        str | None,
        typer.Argument(help="The article to examine: a file, a link, or - for standard input.", metavar="SUSPECT"),
    ] = None,
    reference: Annotated[
        str | None,
        typer.Argument(
            help="The article it may be made from: a file, a link, or -; without one the suspect stands alone.",
            metavar="REFERENCE",
        ),
    ] = None,
    archive: FromArchive = None,
    row: Annotated[
        str | None,
        typer.Option(help="In place of SUSPECT: a row of a scan, by its file and its id.", metavar="FILE:ID"),
    ] = None,
    input: Annotated[
        str | None, typer.Option(help="With --row: where what was scanned lies now.", metavar="INPUT")
    ] = None,
    ignore: Ignore = [],  # noqa: B006
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace the file whatever it is; without it, only a report.")
    ] = False,
    name: SuspectName = None,
    title: SuspectTitle = None,
    url: SuspectAddress = None,
    outlet: SuspectOutlet = None,
    published: SuspectTime = None,
    reference_name: ReferenceName = None,
    reference_title: ReferenceTitle = None,
    reference_url: ReferenceAddress = None,
    reference_outlet: ReferenceOutlet = None,
    reference_published: ReferenceTime = None,
    date: Date = None,
    anonymous: Anonymous = False,
    allow_private: AllowPrivate = _DEFAULTS.allow_private,
    ignore_robots: IgnoreRobots = _DEFAULTS.ignore_robots,
    save_evidence: SaveEvidence = _DEFAULTS.evidence,
    model: Model = _DEFAULTS.model,
    pipeline: Pipeline = _DEFAULTS.pipeline,
    max_characters: MaxCharacters = _DEFAULTS.max_characters,
    max_words: MaxWords = _DEFAULTS.max_words,
) -> None:
    """Write an HTML report to read, print and send.

    It is one file that loads nothing: the answer, the evidence in both texts side by
    side, and how to check it. Without a reference: the article with the phrases that give it
    away, what they may have said, and what to search for. Exit codes: 0 fine; 2 no report could be written.
    """
    from spindetect.commands.report import FACTS, ReportOptions
    from spindetect.commands.report import report as run

    settings = Settings(
        model, pipeline, max_characters, max_words, **_links(allow_private, ignore_robots, save_evidence)
    )
    given = (
        (name, title, url, outlet, published),
        (reference_name, reference_title, reference_url, reference_outlet, reference_published),
    )
    facts = [{fact: said for fact, said in zip(FACTS, side, strict=True) if said is not None} for side in given]
    options = ReportOptions(
        suspect,
        reference,
        output,
        settings,
        ignore,
        overwrite,
        archive,
        row,
        input,
        facts[0],
        facts[1],
        date,
        anonymous,
    )
    _exit_with(lambda: run(options))


@app.command()
def scan(
    source: Annotated[
        str,
        typer.Argument(
            help="What to scan: a file of any format that is read, or a folder of such; or a URI, as "
            "s3://bucket/feed.",
            metavar="INPUT",
        ),
    ],
    out: Annotated[
        str,
        typer.Option(
            "--out",
            "-o",
            help="The .jsonl or .parquet file to write, or a folder for Parquet files; or a URI.",
            metavar="OUT",
        ),
    ],
    archive: Annotated[
        list[Path],
        typer.Option(
            help="The archive to find sources in, or a folder of archives; several are searched as one.",
            metavar="ARCHIVE",
        ),
    ] = [],  # noqa: B006
    itself: Annotated[
        bool,
        typer.Option("--self", help="Scan the input against itself: who copies whom, and clusters of one story."),
    ] = False,
    alone: Annotated[
        bool, typer.Option("--alone", help="Score each article without a reference, too: column alone_score.")
    ] = False,
    candidates: Annotated[
        int, typer.Option(min=1, help="Articles of the archive to compare each suspect with.", metavar="N")
    ] = 5,
    ignore: Ignore = [],  # noqa: B006
    field: Annotated[
        list[str],
        typer.Option(help="The name that a field goes under, as text=body.", metavar="NAME=COLUMN"),
    ] = [],  # noqa: B006
    strict: Strict = False,
    report_dir: Annotated[
        Path | None,
        typer.Option(
            help="Write an HTML report on each article over --report-at to this folder, too.", metavar="DIR"
        ),
    ] = None,
    report_at: Annotated[
        list[str],
        typer.Option(
            help="Score, or with reuse=NUMBER reuse, from which there is a report; may be repeated. [default: 50]",
            metavar="SCORE",
        ),
    ] = [],  # noqa: B006
    jobs: Annotated[int, typer.Option(min=0, help="Processes to scan with; 0: one on each core.", metavar="N")] = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a scan that was interrupted.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Start anew, whatever is there already.")] = False,
    cluster_at: Annotated[
        float, typer.Option(min=0, max=1, help="With --self: coverage that makes two one story.", metavar="SHARE")
    ] = 0.3,
    time_limit: Annotated[
        float,
        typer.Option(
            min=0, help="Seconds after which an article is given up, its row an error; 0: none.", metavar="SECONDS"
        ),
    ] = 300.0,
    memory_limit: Annotated[
        int,
        typer.Option(
            min=100, help="Megabytes for one article, beyond what is loaded; more is its row's error.", metavar="MB"
        ),
    ] = 2_000,
    rows_per_file: Annotated[
        int, typer.Option(min=1, help="Where --out is a folder: rows in each of its files.", metavar="N")
    ] = 50_000,
    engine: Annotated[
        Literal["local", "ray"],
        typer.Option(help="This machine, or a Ray cluster (pip install 'spindetect[ray]')."),
    ] = "local",
    spread: Annotated[
        bool,
        typer.Option("--spread", help="With --engine ray: not every node has all archives; ask those that do."),
    ] = False,
    address: Annotated[
        str | None, typer.Option(help="With --engine ray: the cluster's address.", metavar="ADDRESS")
    ] = None,
    allow_private: AllowPrivate = _DEFAULTS.allow_private,
    ignore_robots: IgnoreRobots = _DEFAULTS.ignore_robots,
    save_evidence: SaveEvidence = _DEFAULTS.evidence,
    model: Model = _DEFAULTS.model,
    pipeline: Pipeline = _DEFAULTS.pipeline,
    max_characters: MaxCharacters = _DEFAULTS.max_characters,
    max_words: MaxWords = _DEFAULTS.max_words,
) -> None:
    """Look any number of articles up in an archive, and write a row on each.

    With neither --archive nor --self each article is scored with no reference.
    What is done is kept beside the output until all is done: after a kill, the same
    command with --resume goes on. An article that can't be scanned has a row with its
    error. Exit codes: 0 fine; 2 some rows hold an error, or nothing could be scanned.
    """
    from spindetect.commands.scan import ScanOptions
    from spindetect.commands.scan import scan as run

    settings = Settings(
        model, pipeline, max_characters, max_words, **_links(allow_private, ignore_robots, save_evidence)
    )
    options = ScanOptions(
        source,
        out,
        archive,
        itself,
        candidates,
        ignore,
        field,
        jobs,
        resume,
        overwrite,
        cluster_at,
        engine,
        address,
        settings,
        time_limit,
        memory_limit,
        rows_per_file,
        spread,
        alone,
        strict,
        report_dir,
        report_at,
    )
    _exit_with(lambda: run(options))


@archive_app.command("add")
def archive_add(
    archive: ArchivePath,
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Articles: files of any format that is read, folders of such, links, - for standard input.",
            metavar="SOURCE",
        ),
    ],
    field: Annotated[
        list[str],
        typer.Option(help="The name that a field goes under, as text=body.", metavar="NAME=COLUMN"),
    ] = [],  # noqa: B006
    text: Annotated[bool, typer.Option("--text/--no-text", help="Keep the texts, to compare with.")] = True,
    strict: Strict = False,
    jobs: Annotated[
        int,
        typer.Option(min=0, help="Processes to read the pages of a crawl with; 0: one on each core.", metavar="N"),
    ] = 0,
    follow: Annotated[
        bool, typer.Option("--follow", help="Fetch the pages that links to feeds and sitemaps name.")
    ] = False,
    allow_private: AllowPrivate = _DEFAULTS.allow_private,
    ignore_robots: IgnoreRobots = _DEFAULTS.ignore_robots,
    save_evidence: SaveEvidence = _DEFAULTS.evidence,
    max_characters: MaxCharacters = _DEFAULTS.max_characters,
) -> None:
    """Add articles; the archive is made if there is none.

    What is there already, under the same id or with the same text, is skipped, so an
    interrupted run is simply repeated. Records have id, text, title, url, published and
    outlet; other fields are kept. Exit codes: 0 fine; 2 something could not be added.
    """
    from spindetect.commands.archive import AddOptions, add

    settings = Settings(max_characters=max_characters, **_links(allow_private, ignore_robots, save_evidence))
    _exit_with(lambda: add(AddOptions(archive, sources, field, text, settings, strict, jobs, follow)))


@archive_app.command("find")
def archive_find(
    archive: ArchivePath,
    suspect: Suspect,
    limit: Annotated[int, typer.Option(min=1, help="Articles to find.", metavar="N")] = 5,
    ignore: Ignore = [],  # noqa: B006
    format: View = "table",
    allow_private: AllowPrivate = _DEFAULTS.allow_private,
    ignore_robots: IgnoreRobots = _DEFAULTS.ignore_robots,
    save_evidence: SaveEvidence = _DEFAULTS.evidence,
    model: Model = _DEFAULTS.model,
    max_characters: MaxCharacters = _DEFAULTS.max_characters,
    max_words: MaxWords = _DEFAULTS.max_words,
) -> None:
    """Find the articles that a suspect is likeliest to be made from, best first."""
    from spindetect.commands.finding import FindOptions, find

    settings = Settings(
        model,
        max_characters=max_characters,
        max_words=max_words,
        **_links(allow_private, ignore_robots, save_evidence),
    )
    _exit_with(lambda: find(FindOptions(archive, suspect, limit, ignore, format, settings)))


@archive_app.command("info")
def archive_info(archive: ArchivePath, format: View = "table") -> None:
    """Say how many articles there are and how large the archive is."""
    from spindetect.commands.archive import info

    _exit_with(lambda: info(archive, format))


@archive_app.command("show")
def archive_show(
    archive: ArchivePath,
    id: Annotated[str, typer.Argument(help="The article's id.", metavar="ID")],
    format: View = "table",
) -> None:
    """Show an article: its text, and all that is known of it. Exit codes: 0 fine; 2 there is no such article."""
    from spindetect.commands.finding import show

    _exit_with(lambda: show(archive, id, format))


@archive_app.command("remove")
def archive_remove(
    archive: ArchivePath,
    ids: Annotated[list[str], typer.Argument(help="The articles' ids.", metavar="ID")],
) -> None:
    """Remove articles for good: their texts are overwritten."""
    from spindetect.commands.archive import remove

    _exit_with(lambda: remove(archive, ids))


@archive_app.command("verify")
def archive_verify(
    archive: ArchivePath,
    root: Annotated[
        str | None,
        typer.Option(
            help="The root that archive info told, kept elsewhere: any change since is found.", metavar="HASH"
        ),
    ] = None,
) -> None:
    """Read the whole archive and name what is damaged. Exit codes: 0 nothing; 2 something."""
    from spindetect.commands.archive import verify

    _exit_with(lambda: verify(archive, root))


@archive_app.command("rebuild")
def archive_rebuild(
    archive: ArchivePath,
    drop_lost: Annotated[
        bool, typer.Option("--drop-lost", help="Strike out articles whose texts can't be read.")
    ] = False,
) -> None:
    """Make a damaged index anew from the archive's texts; the old index isn't read.

    Killed at any moment, the archive is as before or repaired. Articles whose texts can't be
    read can't be in an index: nothing is changed then, unless --drop-lost strikes them
    out, so that they can be added again. Exit codes: 0 fine; 2 some were struck out, or it failed.
    """
    from spindetect.commands.archive import rebuild

    _exit_with(lambda: rebuild(archive, drop_lost))


@app.command()
def schema(
    form: Annotated[Literal["report", "row"], typer.Argument(help="Of reports, or of the rows of a scan.")],
) -> None:
    """Print the form of what is written, as JSON Schema with its version."""
    from spindetect.commands.schema import schema as run

    _exit_with(lambda: run(form))


@app.command()
def train(
    corpora: Annotated[Path, typer.Option(help="The folder of corpora to learn from.", metavar="DIR")],
    output: Annotated[Path, typer.Option(help="The folder to write the model to.", metavar="DIR")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same model.", metavar="N")] = 0,
    keep: Annotated[
        str | None,
        typer.Option(help="Keep all of this model but its classifier, which is fitted anew.", metavar="MODEL"),
    ] = None,
) -> None:
    """Train a model. Needs the extra: pip install 'spindetect[train]'."""
    from spindetect.commands.training import train as run

    _exit_with(lambda: run(corpora, output, seed, keep))


@app.command()
def evaluate(
    corpora: Annotated[Path, typer.Option(help="The folder of corpora to measure on.", metavar="DIR")],
    gold: Annotated[Path | None, typer.Option(help="A folder of hand-labelled alignments.", metavar="DIR")] = None,
    model: Model = _DEFAULTS.model,
    output: Annotated[
        Path | None,
        typer.Option(help="Also write them to this folder, as Markdown, JSON and pictures.", metavar="DIR"),
    ] = None,
) -> None:
    """Measure a model. Needs the extra: pip install 'spindetect[train]'."""
    from spindetect.commands.training import evaluate as run

    _exit_with(lambda: run(corpora, gold, model, output))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen at.", metavar="HOST")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at.", metavar="N")] = 8000,
    archive: Annotated[
        Path | None,
        typer.Option(help="The archive to find sources in; made when articles are added.", metavar="ARCHIVE"),
    ] = None,
    data: Data = _DATA,
    database: Database = None,
    workers: Annotated[
        int, typer.Option(min=0, help="Processes that score; 0: one on each core.", metavar="N")
    ] = 0,
    case_at: Annotated[
        float, typer.Option(min=0, max=100, help="Score or reuse that makes a case for the desk.", metavar="SCORE")
    ] = 50.0,
    allow_host: Annotated[
        list[str], typer.Option(help="A name under which the service is reached; may be repeated.", metavar="NAME")
    ] = [],  # noqa: B006
    user_header: Annotated[
        str | None,
        typer.Option(help="The header in which a proxy says who is at the desk; takes --proxy.", metavar="HEADER"),
    ] = None,
    proxy: Annotated[
        list[str], typer.Option(help="The proxy's address, which alone may send --user-header.", metavar="ADDRESS")
    ] = [],  # noqa: B006
    secure_cookies: Annotated[
        bool, typer.Option("--secure-cookies", help="The desk is reached by HTTPS only.")
    ] = False,
    model: Model = _DEFAULTS.model,
    pipeline: Pipeline = _DEFAULTS.pipeline,
    max_characters: MaxCharacters = 500_000,
    max_words: MaxWords = 40_000,
) -> None:
    """Run the service and its desk. Needs the extra: pip install 'spindetect[service]'.

    It listens where only this machine reaches it, and is open to it until there is an API key. Elsewhere it
    listens only when there is one. Exit codes: 0 ended when told to; 2 it could not be started.
    """
    from spindetect.commands.serve import serve_desk

    settings = Settings(model, pipeline, max_characters, max_words, link_seconds=20.0, link_bytes=8_000_000)
    options = {
        "host": host,
        "port": port,
        "archive": archive,
        "workers": workers,
        "case_at": case_at,
        "hosts": tuple(allow_host),
        "user_header": user_header,
        "proxies": tuple(proxy),
        "secure_cookies": secure_cookies,
        "detector": settings,
    }
    _exit_with(lambda: serve_desk(data, database, options))


@keys_app.command("add")
def keys_add(
    name: Annotated[str, typer.Argument(help="Whose key it is.", metavar="NAME")],
    scope: Annotated[
        list[str], typer.Option(help="What it allows: score, archive, review or admin; may be repeated.")
    ] = ["score"],  # noqa: B006
    data: Data = _DATA,
    database: Database = None,
) -> None:
    """Make an API key. It is shown this once."""
    from spindetect.commands.serve import add_key

    _exit_with(lambda: add_key(data, database, name, scope))


@keys_app.command("list")
def keys_list(data: Data = _DATA, database: Database = None) -> None:
    """List the API keys, without their secrets."""
    from spindetect.commands.serve import list_keys

    _exit_with(lambda: list_keys(data, database))


@keys_app.command("revoke")
def keys_revoke(
    id: Annotated[
        str, typer.Argument(help="The key's id: its part between the first two underscores.", metavar="ID")
    ],
    data: Data = _DATA,
    database: Database = None,
) -> None:
    """Make an API key invalid for good."""
    from spindetect.commands.serve import revoke_key

    _exit_with(lambda: revoke_key(data, database, id))


def _links(allow_private: bool, ignore_robots: bool, evidence: str | None) -> dict[str, Any]:
    """What links may do, as settings."""
    return {"allow_private": allow_private, "ignore_robots": ignore_robots, "evidence": evidence}


@users_app.command("add")
def users_add(
    name: Annotated[str, typer.Argument(help="Who it is for.", metavar="NAME")],
    role: Annotated[Literal["moderator", "lead", "admin"], typer.Option(help="What they may do.")] = "moderator",
    data: Data = _DATA,
    database: Database = None,
) -> None:
    """Make an account for the desk, or give one that is there a new role and password."""
    from spindetect.commands.serve import add_user

    _exit_with(lambda: add_user(data, database, name, role))


@users_app.callback()
def _users() -> None:
    pass


def _exit_with(command: Callable[[], int]) -> NoReturn:
    """Run a command and exit with its code; say in one line what went wrong, without a traceback."""
    try:
        code = command()
    except SpindetectError as error:
        complain(str(error))
        code = FAILED
    except BrokenPipeError:  # whoever read our output, `head` say, has had enough
        abandon_output()
        code = BROKEN_PIPE
    except OSError as error:
        complain(f"the system says: {error}. Check that there is space left and that permissions are right.")
        code = FAILED
    except KeyboardInterrupt:
        complain("interrupted.")
        code = INTERRUPTED
    raise typer.Exit(code)
