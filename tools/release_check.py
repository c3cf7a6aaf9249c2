"""Build wheel and sdist, install each into an empty environment, and try it there.

Run: make release-check

What is tried is what a person does first: `longshot --version` and `longshot demo`, in
an empty folder, with an empty cache, so that the default model is fetched as well.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONSTRAINTS = str(ROOT / "constraints.txt")
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in ("PYTHONPATH", "PYTHONHOME")  # what is tried is what is installed
}
NOT_NEEDED = ("torch", "transformers", "nncf", "pyarrow")
N_DEMO_DOCUMENTS = 36


def main() -> None:
    """Check the release, and say what it brings."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        [sdist], [wheel] = build(work)
        python = empty_environment(work / "environment")
        started = time.perf_counter()
        install(python, str(wheel))
        print(f"installed in {time.perf_counter() - started:.0f} s: {brought(python)}")
        try_out(python, work / "of-the-wheel")
        install(python, "--no-deps", "--force-reinstall", str(sdist))
        try_out(python, work / "of-the-sdist")
    print("release check: wheel and sdist passed")


def build(work: Path) -> tuple[list[Path], list[Path]]:
    """Build the sdist, and the wheel from what the sdist holds."""
    python = empty_environment(work / "building")
    install(python, "build")
    made = work / "dist"
    run([str(python), "-m", "build", "--outdir", str(made), str(ROOT)])
    return list(made.glob("*.tar.gz")), list(made.glob("*.whl"))


def empty_environment(folder: Path) -> Path:
    """Make an environment that holds nothing but pip; give its Python."""
    run([sys.executable, "-m", "venv", str(folder)])
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def install(python: Path, *what: str) -> None:
    """Install with the versions that longshot was tested with."""
    options = ["--quiet", "--quiet", "--constraint", CONSTRAINTS]
    run([str(python), "-m", "pip", "install", *options, *what])


def run(
    command: Sequence[str], *, folder: Path | None = None, cache: Path | None = None
) -> str:
    """Run a program, and give what it printed; stop where it fails."""
    environment = {**ENVIRONMENT, **({"LONGSHOT_CACHE": str(cache)} if cache else {})}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}")
    return done.stdout


def brought(python: Path) -> str:
    """Count the packages and megabytes that came, pip and longshot apart."""
    left_out = ["--exclude", "pip", "--exclude", "setuptools", "--exclude", "longshot"]
    listed = run(
        [str(python), "-m", "pip", "list", "--format", "freeze", *left_out]
    ).splitlines()
    names = {line.partition("==")[0].lower() for line in listed}
    unwanted = sorted(names & set(NOT_NEEDED))
    if unwanted:
        sys.exit(f"the default installation must not bring {', '.join(unwanted)}")
    [packages] = python.parents[1].glob("[Ll]ib/**/site-packages")
    n_bytes = sum(
        path.stat().st_size
        for folder in packages.iterdir()
        if folder.name not in ("pip", "setuptools")
        for path in folder.rglob("*")
        if path.is_file()
    )
    return f"{len(names)} packages, {n_bytes / 1e6:,.0f} MB"


def try_out(python: Path, folder: Path) -> None:
    """Do what a person does first, in an empty folder with an empty cache."""
    folder.mkdir()
    printed = ""
    for arguments in (["--version"], ["models", "get", "minilm"], ["demo"]):
        command = [str(python), "-m", "longshot", *arguments]
        started = time.perf_counter()
        printed = run(command, folder=folder, cache=folder / "cache")
        seconds = time.perf_counter() - started
        print(f"longshot {' '.join(arguments)}: {seconds:.1f} s")
    if printed.count("paper-") < N_DEMO_DOCUMENTS:
        sys.exit(f"the demo must label {N_DEMO_DOCUMENTS} papers; it gave:\n{printed}")


if __name__ == "__main__":
    main()
