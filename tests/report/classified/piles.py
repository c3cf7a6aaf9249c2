"""Classified piles to draw: small ones, large ones, and ones that mean harm."""

from dataclasses import replace

from longshot.records import Match, Window
from longshot.report.classified import (
    ClassifiedDocument,
    ClassifiedPile,
    Mark,
)

HARM = (
    "</script><script>window.harm = 1</script><!-- "
    "<img src=x onerror='window.harm = 2'>"
    "\u2028\u2029 &lt;b&gt; ]]> \x00 \ud800 😀"
)
WORDS = "the tenant pays the rent on the first day of every month and keeps the roof"


def match(example_id: str, text: str, similarity: float) -> Match:
    """Give the window of an example."""
    window = Window(index=0, start=0, end=len(text), n_tokens=3, n_new_tokens=3)
    return Match(example_id=example_id, window=window, text=text, similarity=similarity)


def document(number: int, **changes: object) -> ClassifiedDocument:
    """Give a document under one of three labels, by its number."""
    labels = ("lease", "minutes", None)
    text = f"Paper number{number}. {WORDS}. " * 3
    whole = ClassifiedDocument(
        id=f"paper-{number:04}.txt",
        text=text,
        label=labels[number % 3],
        confidence=((number * 37) % 101) / 100,
        alternatives=(("report", 0.1), ("minutes", 0.05)),
        n_tokens=60 + number,
        n_windows=1,
        coverage=1.0,
        passages=(
            Mark(
                start=7,
                end=30,
                contribution=0.25,
                label="lease",
                match=match("a.txt", "owes the rent", 0.8),
            ),
            Mark(start=20, end=50, contribution=-0.125, label="lease"),
        ),
        truth="lease",
        position=(float(number % 7), float(number % 11)),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def pile(n_documents: int = 7, **changes: object) -> ClassifiedPile:
    """Give a pile of such documents."""
    whole = ClassifiedPile(
        title="Labels for the pile",
        labels=("lease", "minutes", "report"),
        documents=tuple(document(number) for number in range(n_documents)),
        settings=(("model", "minilm"),),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def harmful_pile() -> ClassifiedPile:
    """Give a pile in which everything that people write would act, if it could."""
    passage = Mark(
        start=3,
        end=40,
        contribution=0.5,
        label=HARM,
        match=match(HARM, HARM, 0.5),
    )
    harmful = document(
        0, id=HARM, text=HARM * 3, label=HARM, truth=HARM, alternatives=((HARM, 0.1),)
    )
    return ClassifiedPile(
        title=HARM,
        labels=(HARM, "lease"),
        documents=(replace(harmful, passages=(passage,)),),
        settings=((HARM, HARM),),
        map_method=HARM,
    )
