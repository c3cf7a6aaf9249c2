"""The peers that an environment of their own can run, as ways among the others."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.speed import peer
from longshot.encoders.minilm import minilm_folder

PEERS_PYTHON = Path(".venv-peers/bin/python")
READS_WHOLE_TEXTS = frozenset({"flair, float32"})
_SETUP = "make bench-peers"


class Peer:
    """A process that encodes the texts that it was given, as often as it is asked."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._given: Sequence[str] | None = None
        self.processor_s = 0.0
        """What it had taken of the processor when it last answered."""

    def encode(self, texts: Sequence[str]) -> None:
        """Encode texts; they are handed over before, in :meth:`give`."""
        if texts is not self._given:
            self.give(texts)
        self._ask(None)

    def give(self, texts: Sequence[str]) -> None:
        """Hand texts over, to be encoded later."""
        self._given = texts
        self._ask(list(texts))

    def _ask(self, texts: list[str] | None) -> None:
        assert self._process.stdin is not None
        print(json.dumps(texts), file=self._process.stdin, flush=True)
        self.processor_s = float(self.wait_for("done"))

    def wait_for(self, answer: str) -> str:
        """Wait until the process says so; give what it says besides.

        Raises
        ------
        EOFError
            If it ends before.
        """
        assert self._process.stdout is not None
        word, _, rest = self._process.stdout.readline().strip().partition(" ")
        if word != answer:
            raise EOFError
        return rest


@contextmanager
def running_peers(python: Path) -> Iterator[dict[str, Peer]]:
    """Start every peer that runs here; name those that do not, and why.

    Parameters
    ----------
    python
        The interpreter of the peers' environment.
    """
    if not python.exists():
        print(f"peers cannot be run here: no {python}. Run: {_SETUP}")
        yield {}
        return
    with ExitStack() as stack:
        started = {
            name: stack.enter_context(_process(python, name)) for name in peer.PEERS
        }
        yield {
            name: Peer(process)
            for name, process in started.items()
            if _is_ready(name, process)
        }


@contextmanager
def _process(python: Path, name: str) -> "Iterator[subprocess.Popen[str]]":
    log = Path(f"{python.parent.parent}/{name.replace(' ', '-')}.log")
    with log.open("w") as errors:
        process = subprocess.Popen(
            [str(python), peer.__file__, name, str(minilm_folder())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _is_ready(name: str, process: "subprocess.Popen[str]") -> bool:
    try:
        Peer(process).wait_for("ready")
    except EOFError:
        print(f"cannot be run here: {name} (its log lies beside the environment)")
        return False
    return True
