"""Scanning whole feeds against an archive."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spindetect.commands.archive import left_out_line, named_columns, say_left_out
from spindetect.commands.options.scan import ScanOptions
from spindetect.commands.options.shared import parse_limits
from spindetect.commands.progress import rate_bar
from spindetect.commands.streams import FAILED, FINE, write_output
from spindetect.errors import SpindetectError
from spindetect.files import whole_file
from spindetect.links.url import is_link
from spindetect.memory import MEGABYTE

if TYPE_CHECKING:
    from spindetect.scan.scanning import Summary


def scan(options: ScanOptions) -> int:
    """Scan, say how it went, and return the exit code: 2 when some rows hold an error."""
    from spindetect.read.folders import list_folder
    from spindetect.scan.feeds import count_feed
    from spindetect.scan.places import place
    from spindetect.scan.plan import ScanKeywords
    from spindetect.scan.scanning import scan as run

    if options.report_at and options.report_dir is None:
        raise SpindetectError("--report-at says on which articles there are reports. Say where: --report-dir DIR.")
    source = options.source
    if is_link(source):
        from spindetect.links.evidence import write_records
        from spindetect.links.fetch import fetch
        from spindetect.links.url import URL

        fetched = Path(f"{options.out}.warc.gz")
        if not (options.resume and fetched.exists()):  # a scan that is resumed fetches nothing anew
            with whole_file(fetched) as stream:
                write_records(fetch(URL(source), options.settings), stream)
        source = str(fetched)
    asked: dict[str, Any] = {
        **{name: getattr(options, name) for name in ScanKeywords.__annotations__ if hasattr(options, name)},
        "columns": named_columns(options.columns),
        "time_limit": options.time_limit or None,
        "memory_limit": options.memory_limit * MEGABYTE,
        "report_at": parse_limits(options.report_at or ["50"]) if options.report_dir else {},
    }
    if (folder := Path(source)).is_dir():
        say_left_out(list_folder(folder), options.strict)
    visible = sys.stderr is not None and sys.stderr.isatty()
    total = count_feed(place(source)) if visible else None
    with rate_bar(total, visible) as bar:
        done = run(
            source,
            options.out,
            options.archives,
            jobs=options.jobs,
            resume=options.resume,
            overwrite=options.overwrite,
            engine=options.engine,
            address=options.address,
            advance=bar.advance,
            before=bar.begin_at,
            **asked,
        )
    resumed = f", {done.resumed:,} of them from before" if done.resumed else ""
    write_output(f"{done.rows:,} rows in {options.out}{resumed}; {done.errors:,} with an error.\n")
    if left_out := left_out_line(done.left_out):
        write_output(left_out)
    if spinners := _spinners(done):
        write_output(spinners)
    return FAILED if done.errors else FINE


def _spinners(done: Summary) -> str:
    """How many articles are by which tool, in a line; nothing when there are none."""
    from spindetect.report.words import counted
    from spindetect.score.families import UNKNOWN

    parts = [
        f"{counted(count, 'article')} by {name}" for name, count in sorted(done.families.items()) if name != UNKNOWN
    ]
    if unknown := done.families[UNKNOWN]:
        groups = f", in {counted(done.groups, 'group')} of like ones" if done.groups else ""
        parts.append(f"{counted(unknown, 'article')} by a spinner that is none of the known ones{groups}")
    return f"{'; '.join(parts)}.\n" if parts else ""
