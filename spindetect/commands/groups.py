"""Commands that stand in groups: those of archives, of API keys and of accounts."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from spindetect.commands.options.archive import AddOptions, FindOptions
from spindetect.commands.options.shared import DATA, Archive, Data, Database, View
from spindetect.commands.shell import command

archive_app = typer.Typer(
    help="Keep an archive of articles and find sources in it.", no_args_is_help=True, rich_markup_mode=None
)
keys_app = typer.Typer(help="Manage the API keys of the service.", no_args_is_help=True, rich_markup_mode=None)
desk_app = typer.Typer(help="Check the desk's record of decisions.", no_args_is_help=True, rich_markup_mode=None)
users_app = typer.Typer(help="Manage the accounts of the desk.", no_args_is_help=True, rich_markup_mode=None)


@command(archive_app, "add")
def archive_add(options: AddOptions) -> int:
    """Add articles; the archive is made if there is none.

    Articles that are there already, by id or by text, are skipped; so just repeat a run that was interrupted.
    Records have id, text, title, url, published and outlet; other fields are kept. Exit codes: 0 fine; 2
    something could not be added.
    """
    from spindetect.commands.archive import add

    return add(options)


@command(archive_app, "find")
def archive_find(options: FindOptions) -> int:
    """Find the likeliest sources of a suspect, best first."""
    from spindetect.commands.finding import find

    return find(options)


@command(archive_app, "info")
def archive_info(archive: Archive, format: View = "table") -> int:
    """Show the number of articles and the size of the archive."""
    from spindetect.commands.archive import info

    return info(archive, format)


@command(archive_app, "show")
def archive_show(
    archive: Archive,
    id: Annotated[str, typer.Argument(help="The article's id.", metavar="ID")],
    format: View = "table",
) -> int:
    """Show an article: its text and all its fields. Exit codes: 0 fine; 2 there is no such article."""
    from spindetect.commands.finding import show

    return show(archive, id, format)


@command(archive_app, "remove")
def archive_remove(
    archive: Archive, ids: Annotated[list[str], typer.Argument(help="The articles' ids.", metavar="ID")]
) -> int:
    """Remove articles for good: their texts are overwritten."""
    from spindetect.commands.archive import remove

    return remove(archive, ids)


@command(archive_app, "verify")
def archive_verify(
    archive: Archive,
    root: Annotated[
        str | None,
        typer.Option(
            help="A root that archive info printed, kept elsewhere: finds any change since.", metavar="HASH"
        ),
    ] = None,
) -> int:
    """Read the whole archive and name all damage. Exit codes: 0 none; 2 some."""
    from spindetect.commands.archive import verify

    return verify(archive, root)


@command(archive_app, "rebuild")
def archive_rebuild(
    archive: Archive,
    drop_lost: Annotated[
        bool, typer.Option("--drop-lost", help="Remove articles whose texts can't be read.")
    ] = False,
) -> int:
    """Make a damaged index again, from the archive's texts.

    The old index isn't read. After a kill, the archive is either unchanged or repaired. Articles
    with unreadable texts can't be in an index: they stop the command, unless --drop-lost removes
    them so that they can be added again. Exit codes: 0 fine; 2 some were removed, or it failed.
    """
    from spindetect.commands.archive import rebuild

    return rebuild(archive, drop_lost)


@command(keys_app, "add")
def keys_add(
    name: Annotated[str, typer.Argument(help="Whose key it is.", metavar="NAME")],
    scope: Annotated[list[str], typer.Option(help="score, archive, review or admin; may be repeated.")] = ["score"],  # noqa: B006
    data: Data = DATA,
    database: Database = None,
) -> int:
    """Make an API key. It is shown only once."""
    from spindetect.commands.serve import add_key

    return add_key(data, database, name, scope)


@command(keys_app, "list")
def keys_list(data: Data = DATA, database: Database = None) -> int:
    """List the API keys, without their secrets."""
    from spindetect.commands.serve import list_keys

    return list_keys(data, database)


@command(keys_app, "revoke")
def keys_revoke(
    id: Annotated[
        str, typer.Argument(help="The key's id: its part between the first two underscores.", metavar="ID")
    ],
    data: Data = DATA,
    database: Database = None,
) -> int:
    """Make an API key invalid for good."""
    from spindetect.commands.serve import revoke_key

    return revoke_key(data, database, id)


@command(users_app, "add")
def users_add(
    name: Annotated[str, typer.Argument(help="Who it is for.", metavar="NAME")],
    role: Annotated[Literal["moderator", "lead", "admin"], typer.Option(help="What they may do.")] = "moderator",
    data: Data = DATA,
    database: Database = None,
) -> int:
    """Make an account for the desk, or give one that is there a new role and password."""
    from spindetect.commands.serve import add_user

    return add_user(data, database, name, role)


@users_app.callback()
def _users() -> None:
    pass


@command(desk_app, "verify")
def desk_verify(
    data: Data = DATA,
    database: Database = None,
    seal: Annotated[
        str,
        typer.Option(
            help="A seal from this command or an export, kept elsewhere: also finds a rewritten record.",
            metavar="SEAL",
        ),
    ] = "",
) -> int:
    """Check that no decision was changed, added or removed in the database. Exit codes: 0 none; 2 some were."""
    from spindetect.commands.serve import verify_decisions

    return verify_decisions(data, database, seal)


@desk_app.callback()
def _desk() -> None:
    pass
