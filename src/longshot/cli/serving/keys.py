"""``longshot keys``: the API keys of a server."""

from pathlib import Path
from typing import Annotated

import typer

from longshot.cli.output.consoles import put, say
from longshot.cli.output.failures import telling_mistakes
from longshot.server.access.keys import KeyFile, Rights

app = typer.Typer(name="keys", help="Make and remove the API keys of a server.")

_KeysFile = Annotated[Path, typer.Option("--keys-file", help="The file of the keys.")]
_DEFAULT_KEYS = Path("keys.json")


@app.command("add")
@telling_mistakes
def add_key(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    rights: Annotated[
        Rights,
        typer.Option(help="read: ask and decide; write: also change projects."),
    ] = "read",
    keys_file: _KeysFile = _DEFAULT_KEYS,
) -> None:
    """Make a key and print it; it is kept nowhere, only its hash is.

    Example: longshot keys add ada --rights write
    """
    put(KeyFile(keys_file).add(name, rights) + "\n")
    say("this key is shown once; the server needs --keys-file {}", keys_file)


@app.command("list")
@telling_mistakes
def list_keys(keys_file: _KeysFile = _DEFAULT_KEYS) -> None:
    """List the names of the keys, and what each may do.

    Example: longshot keys list
    """
    from longshot.cli.output.table import print_table

    rows = [[key.name, key.rights, key.made_at] for key in KeyFile(keys_file).read()]
    print_table(["name", "rights", "made at"], rows)


@app.command("remove")
@telling_mistakes
def remove_key(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    keys_file: _KeysFile = _DEFAULT_KEYS,
) -> None:
    """Remove a key; a running server lets it in until it is started again.

    Example: longshot keys remove ada
    """
    KeyFile(keys_file).remove(name)
    say("the key of {} is removed", name)
