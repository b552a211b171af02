"""Reads the PDFs named on standard input with one library, a line of JSON each.

Says the processor seconds the library took; its own start and the printing
are not counted.
"""

import json
import sys
import time


def with_pymupdf(path):
    import pymupdf

    with pymupdf.open(path) as document:
        return [page.get_text("text") for page in document]


def with_pdfium(path):
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    pages = []
    for page in document:
        text = page.get_textpage()
        pages.append(text.get_text_range())
        text.close()
        page.close()
    document.close()
    return pages


read = {"pymupdf": with_pymupdf, "pypdfium2": with_pdfium}[sys.argv[1]]
__import__(sys.argv[1])
for line in sys.stdin:
    started = time.process_time()
    try:
        pages = read(line.rstrip("\n"))
    except Exception:
        pages = []
    seconds = time.process_time() - started
    print(json.dumps({"pages": len(pages), "text": "\n".join(pages), "seconds": seconds}))
