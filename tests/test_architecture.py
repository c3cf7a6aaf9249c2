"""Imports point only up DESIGN.md's list, and heavy libraries stay in their place."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import longshot

PACKAGE = Path(longshot.__file__).parent
ORDER = (
    "errors records recipe formulas probabilities machine "
    "reading tokens languages windows encoders pooling encoding progress embedder "
    "similarity lbfgs classify packets evaluation selection audit contextuality report "
    "project server scale cli"
).split()
ALLOWED = {  # which part of the package may import which libraries
    "encoders": {
        "torch",
        "transformers",
        "openvino",
        "onnx",
        "onnxruntime",
        "nncf",
        "tokenizers",
        "huggingface_hub",
    },
    "scale": {"ray"},
    "project": {"sqlalchemy", "alembic", "psycopg"},
    "cli": {"typer", "rich", "click"},
    "server": {"fastapi", "starlette", "uvicorn", "pydantic", "prometheus_client"},
}
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


def imports_of(path: Path) -> Iterator[str]:
    """Give every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part_of(path: Path) -> str:
    """Give the stage that a file belongs to: a module or a sub-package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def stages_imported(path: Path) -> set[str]:
    names = (name.split(".") for name in imports_of(path))
    stages = {name[1] for name in names if name[0] == "longshot" and len(name) > 1}
    return stages & set(ORDER)


def test_every_module_has_its_place_in_the_order() -> None:
    outside = {part_of(path) for path in MODULES} - {"__init__", "__main__"}
    assert outside <= set(ORDER)


@pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_imports_point_up_only(path: Path) -> None:
    part = part_of(path)
    if part in ("__init__", "__main__"):
        return
    before = set(ORDER[: ORDER.index(part) + 1])
    assert stages_imported(path) <= before


@pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_libraries_stay_in_their_part(path: Path) -> None:
    forbidden = set[str]().union(
        *(libraries for part, libraries in ALLOWED.items() if part != part_of(path))
    )
    forbidden -= ALLOWED.get(part_of(path), set())
    used = {name.split(".")[0] for name in imports_of(path)}
    assert not used & forbidden


def test_help_loads_no_heavy_library() -> None:
    """`longshot --help` answers at once only while it imports none of them."""
    script = (
        "import sys\n"
        "from longshot.cli import main\n"
        "sys.argv = ['longshot', '--help']\n"
        "try:\n"
        "    main()\n"
        "finally:\n"
        "    print(*sorted({name.split('.')[0] for name in sys.modules}))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    loaded = set(run.stdout.splitlines()[-1].split())
    assert "longshot" in loaded
    assert not loaded & {"torch", "transformers", "sklearn", "pyarrow", "tokenizers"}


@pytest.mark.parametrize("examples", ["labels.txt", "labelled"])
def test_labelling_loads_no_more_of_scipy_than_it_needs(
    examples: str, tmp_path: Path
) -> None:
    """Its special functions, linear algebra and optimisers are a tenth of a start."""
    (tmp_path / "labels.txt").write_text("lease\nminutes\n")
    for label, texts in (
        ("lease", ["The tenant pays the rent.", "The landlord keeps the roof."]),
        ("minutes", ["The council met on Monday.", "Members voted for the budget."]),
    ):
        (tmp_path / "labelled" / label).mkdir(parents=True)
        for number, text in enumerate(texts):
            (tmp_path / "labelled" / label / f"{number}.txt").write_text(text)
    (tmp_path / "letter.txt").write_text("The tenant pays the rent.")
    script = (
        "import sys\n"
        "from longshot.cli import main\n"
        f"sys.argv = ['longshot', 'classify', {examples!r}, 'letter.txt']\n"
        "try:\n"
        "    main()\n"
        "finally:\n"
        "    print(*sorted(sys.modules))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    loaded = set(run.stdout.splitlines()[-1].split())
    assert "scipy.sparse" in loaded
    assert not loaded & {"scipy.special", "scipy.linalg", "scipy.optimize", "sklearn"}
