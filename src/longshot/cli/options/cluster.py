"""The options of a run on a cluster, and what is told of it."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from longshot.cli.output.consoles import counted, on_terminal, say
from longshot.cli.output.failures import EXIT_MISTAKE
from longshot.errors import SettingError

if TYPE_CHECKING:
    from longshot.scale import Told
    from longshot.scale.run import Cluster

_PANEL = "Cluster: past one machine (longshot[cluster])"
_TOLD_EVERY_S = 10.0
_SCHEME = re.compile(r"^(\w[\w+.-]+):/(?!/)")


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterOptions:
    """The options, in the order in which ``--help`` shows them."""

    cluster: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Run on Ray: local starts it on this machine, auto joins the cluster "
            "that the machine is part of, ray://HOST:10001 joins another. DOCUMENTS "
            "may be an address such as s3://bucket/pile/*.parquet, and --out is a "
            "folder or an address. A run started again continues.",
            rich_help_panel=_PANEL,
        ),
    ] = None
    workers: Annotated[
        int | None,
        typer.Option(
            help="Workers at most. Default: as many as the cluster has room for.",
            show_default=False,
            rich_help_panel=_PANEL,
        ),
    ] = None
    worker_threads: Annotated[
        int,
        typer.Option(help="Processors per worker.", rich_help_panel=_PANEL),
    ] = 1
    worker_gpus: Annotated[
        float,
        typer.Option(
            help="GPUs per worker; with 0.25, four workers share one.",
            rich_help_panel=_PANEL,
        ),
    ] = 0.0
    price_per_hour: Annotated[
        float | None,
        typer.Option(
            help="What the cluster costs per hour: report the cost so far.",
            show_default=False,
            rich_help_panel=_PANEL,
        ),
    ] = None

    def chosen(self, out: Path | None) -> "tuple[Cluster, str] | None":
        """Give the cluster and the address of the results; None without --cluster.

        Raises
        ------
        SettingError
            If there is no --out, or a setting of workers is not what it may be.
        MissingExtraError
            If the extra is not installed.
        """
        if self.cluster is None:
            return None
        if out is None:
            raise SettingError(
                "--cluster must have a folder for its results; there is no --out. Add "
                "--out FOLDER, or an address such as s3://bucket/labels."
            )
        from longshot.scale.engine import Workers, require_ray
        from longshot.scale.run import Cluster

        require_ray()
        cluster = Cluster(
            address=self.cluster,
            workers=Workers(
                n_most=self.workers, threads=self.worker_threads, gpus=self.worker_gpus
            ),
            price_per_hour=self.price_per_hour,
            on_told=_Teller(),
        )
        return cluster, address_of(out)


class _Teller:
    """Says how far a run is, now and then."""

    def __init__(self) -> None:
        self._said_s = 0.0
        self._every_s = 1.0 if on_terminal() else _TOLD_EVERY_S

    def __call__(self, told: "Told") -> None:
        """Say it, unless it was said just now."""
        if told.seconds - self._said_s >= self._every_s:
            self._said_s = told.seconds
            say("{}: {}", told.step, progress_line(told))


def progress_line(told: "Told") -> str:
    """Give how much was read, how fast, and what it cost so far."""
    parts = [
        counted(told.n_documents, "document"),
        counted(told.n_tokens, "token"),
        f"{told.seconds:.1f} s",
        f"{told.tokens_per_second:,.0f} tokens/s",
    ]
    if told.cost is not None:
        parts.append(f"cost so far {told.cost:,.2f}")
    return ", ".join(parts)


def tell_end(told: "Told", out: str, what: str) -> None:
    """Say what was done, and where it is; failed documents make the exit code 1."""
    from longshot.scale.place import shown_address

    say("{}", progress_line(told))
    say("{} are in {}", what, shown_address(out))
    if told.n_failed:
        say(
            "[bold yellow]{} set aside[/]: they are in failed/, each with the reason",
            counted(told.n_failed, "document"),
        )
        raise typer.Exit(EXIT_MISTAKE)


def address_of(path: Path) -> str:
    """Give back an address that was taken for a path, which has one slash of two.

    Examples
    --------
    >>> address_of(Path("s3://bucket/labels")), address_of(Path("labels"))
    ('s3://bucket/labels', 'labels')
    """
    return _SCHEME.sub(r"\1://", path.as_posix())
