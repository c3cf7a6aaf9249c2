"""How an entry of the log reads."""

from typing import TYPE_CHECKING

from longshot.cli.output.consoles import counted, printable

if TYPE_CHECKING:
    from longshot.project import Entry

_MOST_NAMED = 3


def told(entry: "Entry") -> str:
    """Tell what an entry did, in one line.

    Examples
    --------
    >>> from longshot.project import Entry
    >>> told(Entry(number=7, kind="label", who="ada", at="", label="lease",
    ...            document_ids=("a.txt",), n_documents=1))
    '7  labelled a.txt as lease'
    """
    named = ", ".join(entry.document_ids[:_MOST_NAMED])
    if entry.n_documents > _MOST_NAMED:
        named += f" and {counted(entry.n_documents - _MOST_NAMED, 'other')}"
    what = {
        "add": f"added {counted(entry.n_documents, 'document')}",
        "remove": f"removed {named}",
        "label": f"labelled {named} as {entry.label or 'none of these'}",
        "forget": f"took {named} out of the examples",
        "skip": f"put off {named}",
        "ignore": f"said what to ignore everywhere, in {named}",
        "labels": "named the labels",
        "answer": f"checked {named}",
        "undo": f"took back entry {entry.undoes}",
    }.get(entry.kind, f"wrote an entry of another version ({entry.kind})")
    why = f" ({entry.why})" if entry.why else ""
    return printable(f"{entry.number}  {what}{why}")
