"""Put the bundled example into the wheel: `longshot demo` works wherever it lands.

Everything else stands in pyproject.toml. The example lies beside the package, where a
person who looks at the project finds it; in the wheel it lies inside of the package.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithExample(build_py):
    """Builds the package, and copies the example into it."""

    def run(self) -> None:
        """Build."""
        super().run()
        if not self.editable_mode:
            example = Path(self.build_lib) / "longshot" / "example"
            shutil.copytree("examples", example, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithExample})
