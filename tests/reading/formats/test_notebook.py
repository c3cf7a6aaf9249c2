import json
from pathlib import Path

import pytest

from longshot.reading.content import Unreadable
from longshot.reading.formats.files import read_file
from longshot.reading.formats.notebook import read_notebook


def test_a_notebook_is_its_cells_and_what_they_printed(tmp_path: Path) -> None:
    outputs = [
        {"output_type": "stream", "text": ["300\n"]},
        {"data": {"text/plain": "<Figure>", "image/png": "iVBO"}},
    ]
    cells = [
        {"cell_type": "markdown", "source": ["# Rent\n", "It is due."]},
        {"cell_type": "code", "source": "print(300)", "outputs": outputs},
    ]
    path = tmp_path / "a"
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}))

    content = read_file(path)

    assert "# Rent\nIt is due.\n\nprint(300)\n300\n<Figure>" == content.text
    assert ("1 of its outputs are pictures, left out",) == content.notes


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"cells": 7}', "[" * 100_000])
def test_what_is_no_notebook_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(text)

    with pytest.raises(Unreadable, match=r"^is no notebook"):
        read_notebook(path)
