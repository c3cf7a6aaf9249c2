"""The texts that files are made of: bundled papers, as blocks that every format has."""

import html
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "examples" / "pile"
_LONGEST_HEADING_CHARACTERS = 60
# Letters beyond ASCII, which old formats write in many ways.
FOREIGN = (
    "Die Mieterin zahlt die Miete für das Büro in der Königstraße monatlich im Voraus.",
    "Le conseil a approuvé le procès-verbal de la séance du 3 février à l’unanimité – "
    "sans réserve, pour 1 250 €.",
    "Najemca płaci czynsz z góry; Ελλάδα, Россия і Україна.",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A text of headings, paragraphs, a list and a table.

    Attributes
    ----------
    name
        The name of the file that it comes from, without its ending.
    title
        Its first line.
    blocks
        The others: headings are short and end without a full stop.
    table
        Rows of cells, which end it.
    """

    name: str
    title: str
    blocks: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """All of its words, in order."""
        rows = ("\t".join(row) for row in self.table)
        return "\n".join((self.title, *self.blocks, *rows))

    @property
    def html(self) -> str:
        """The paper as a page, from which programs make other formats."""
        blocks = "\n".join(map(_block, self.blocks))
        rows = "".join(
            f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>"
            for row in self.table
        )
        title = html.escape(self.title)
        return (
            f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>"
            f"</head><body><h1>{title}</h1>\n{blocks}\n<table>{rows}</table>"
            "</body></html>"
        )


def papers(n: int) -> list[Paper]:
    """Give the first papers of the pile, each with sentences of other languages."""
    return [_paper(path) for path in sorted(FOLDER.glob("*.txt"))[:n]]


def is_heading(block: str) -> bool:
    """Tell whether a block is short and no sentence."""
    return len(block) <= _LONGEST_HEADING_CHARACTERS and block[-1] not in ".:;,"


def _paper(path: Path) -> Paper:
    lines = [" ".join(line.split()) for line in path.read_text("utf-8").splitlines()]
    title, *blocks = [line for line in lines if line]
    rows = tuple(
        (f"Item {number}", f"{number * 37} EUR", f"due on {number} May 2024")
        for number in range(1, 6)
    )
    return Paper(name=path.stem, title=title, blocks=(*blocks, *FOREIGN), table=rows)


def _block(block: str) -> str:
    text = html.escape(block)
    return f"<h2>{text}</h2>" if is_heading(block) else f"<p>{text}</p>"
