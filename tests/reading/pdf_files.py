"""PDFs written by hand."""

SCAN = "a picture of a page"


def pdf_bytes(*pages: list[str]) -> bytes:
    """Write a PDF by hand: ISO 32000-1, annex H.3, with one page per list of lines.

    The line ``SCAN`` is a picture as large as the page.
    """
    page_ids = [4 + 2 * index for index in range(len(pages))]
    kids = " ".join(f"{page_id} 0 R" for page_id in page_ids)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for page_id, lines in zip(page_ids, pages, strict=True):
        shown = " ".join(f"({line}) Tj T*" for line in lines if line != SCAN)
        drawing = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET"
        if SCAN in lines:
            picture = "BI /W 1 /H 1 /CS /G /BPC 8 ID A EI"
            drawing = f"q 612 0 0 792 0 0 cm {picture} Q {drawing}"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {page_id + 1} 0 R >>"
        )
        objects.append(f"<< /Length {len(drawing)} >>\nstream\n{drawing}\nendstream")
    return assembled(objects)


def assembled(objects: list[str], *, encoding: str = "utf-8") -> bytes:
    """Put the objects of a PDF together, with the table of where they lie."""
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(f"{len(data):010d} 00000 n \n")
        data += f"{number} 0 obj\n{body}\nendobj\n".encode(encoding)
    size = len(objects) + 1
    table = f"xref\n0 {size}\n0000000000 65535 f \n{''.join(offsets)}"
    end = f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + (table + end).encode()
