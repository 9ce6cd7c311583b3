"""One way in for every kind of file: a file -> `Document`, made of blocks, as the page shows it.

    document.py              the model: Document, Block, Table, Note
    reading.py               the door: `read_document(path, source)`, in this process, without limits
    bounded.py, child.py     the same in a child process, with limits
    readings.py              the same, each file once: kept by its content
    draft.py                 what every reader fills: bounded, numbered, made quotable

    text_file, markdown, csv_file, html, docx, xlsx, odt, pdf, ofd, converted     one a kind
    paper, lines, ruled, layout     PDF and OFD: glyphs and rules in their places become paragraphs and tables
    scan.py                  a scan becomes a text for a person to correct

Nothing here knows what an annual report is, or of which year: that is read from the blocks by `sources`.
"""
