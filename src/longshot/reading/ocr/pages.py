"""Pages as people name them."""

from collections.abc import Sequence

OCR_EXTRA = "pip install 'longshot[ocr]' to read"
_MOST_RANGES = 8


def listed_pages(numbers: Sequence[int]) -> str:
    """Name pages in a line of bounded length.

    Examples
    --------
    >>> listed_pages([2]), listed_pages([3, 4, 5, 6, 7, 9])
    ('page 2', 'pages 3 to 7 and 9')
    """
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    shown = [str(a) if a == b else f"{a} to {b}" for a, b in ranges[:_MOST_RANGES]]
    if more := sum(b - a + 1 for a, b in ranges[_MOST_RANGES:]):
        shown.append(f"{more:,} more")
    if len(numbers) == 1:
        return f"page {shown[0]}"
    *first, last = shown
    return f"pages {', '.join(first)} and {last}" if first else f"pages {last}"
