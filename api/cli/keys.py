"""``pullquote keys``: who may use the API."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.cli.ask import AsJson
from api.cli.output import print_json, stderr, stdout
from api.guard.keys import KeyRing, Scope
from rag import Settings
from rag.settings.values import LIBRARY_NAME

__all__ = ["add", "list_keys", "register", "revoke"]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    keys = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)
    keys.command(epilog="Example: pullquote keys add newsroom --write")(add)
    keys.command("list", epilog="Example: pullquote keys list")(list_keys)
    keys.command(epilog="Example: pullquote keys revoke 1f2e3d4c")(revoke)
    app.add_typer(keys, name="keys", epilog="Example: pullquote keys add newsroom --write")


def add(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    write: Annotated[
        bool, typer.Option("--write", help="May add and remove articles too.")
    ] = False,
    library: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Of this library of a server of several; again for more. Of all, unless said.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, once. From the first key on, the API wants one."""
    scopes: tuple[Scope, ...] = ("read", "write") if write else ("read",)
    for wrong in (each for each in library or [] if not LIBRARY_NAME.fullmatch(each)):
        raise typer.BadParameter(f"{wrong!r} is no name that a library can have")
    key, secret = _ring().add(name, scopes, tuple(library) if library else None)
    if as_json:
        record = {"id": key.id, "name": name, "scopes": scopes, "libraries": key.libraries}
        print_json({**record, "key": secret})
        return
    stdout.print(secret, highlight=False, soft_wrap=True)
    place = f" in {', '.join(library)}" if library else ""
    stderr.print(f"{key.id}: may {' and '.join(scopes)}{place}. It is shown only now.", style="dim")


def list_keys(as_json: AsJson = False) -> None:
    """List the keys: their ids, names, scopes and libraries."""
    ring = _ring()
    keys = ring.keys()
    if as_json:
        print_json([key.model_dump(exclude={"sha256"}, mode="json") for key in keys])
        return
    if not keys:
        state = "nobody is let in" if ring.is_required else "whoever can connect is let in"
        stderr.print(f"There are no keys: {state}. pullquote keys add NAME makes one.")
        return
    table = Table("id", "name", "may", "libraries", "created", box=None, pad_edge=False)
    for key in keys:
        libraries = "all" if key.libraries is None else ", ".join(key.libraries)
        cells = (key.id, key.name, ", ".join(key.scopes), libraries, key.created)
        table.add_row(*(Text(cell) for cell in cells))
    stdout.print(table)


def revoke(id: Annotated[str, typer.Argument(help="The key's id.", metavar="ID")]) -> None:
    """Refuse a key from now on. Without any key left nobody is let in; remove the file keys.json
    to serve without keys again."""
    _ring().revoke(id)
    stdout.print(f"{id} revoked")


def _ring() -> KeyRing:
    return KeyRing(Settings.from_environment().home / "keys.json")
