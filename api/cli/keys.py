"""``pullquote keys``: who may use the API."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from api.cli.ask import AsJson
from api.cli.output import print_json, stderr, stdout
from api.keys import KeyRing, Scope
from rag import Settings

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
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, once. From the first key on, the API wants one."""
    scopes: tuple[Scope, ...] = ("read", "write") if write else ("read",)
    key, secret = _ring().add(name, scopes)
    if as_json:
        print_json({"id": key.id, "name": name, "scopes": scopes, "key": secret})
        return
    stdout.print(secret, highlight=False, soft_wrap=True)
    stderr.print(f"{key.id}: may {' and '.join(scopes)}. It is shown only now.", style="dim")


def list_keys(as_json: AsJson = False) -> None:
    """List the keys: their ids, names and scopes."""
    keys = _ring().keys()
    if as_json:
        print_json([key.model_dump(exclude={"sha256"}, mode="json") for key in keys])
        return
    table = Table("id", "name", "may", "created", box=None, pad_edge=False)
    for key in keys:
        cells = (key.id, key.name, ", ".join(key.scopes), key.created)
        table.add_row(*(Text(cell) for cell in cells))
    stdout.print(table)


def revoke(id: Annotated[str, typer.Argument(help="The key's id.", metavar="ID")]) -> None:
    """Refuse a key from now on. Without any key left nobody is let in; remove the file keys.json
    to serve without keys again."""
    _ring().revoke(id)
    stdout.print(f"{id} revoked")


def _ring() -> KeyRing:
    return KeyRing(Settings.from_environment().home / "keys.json")
