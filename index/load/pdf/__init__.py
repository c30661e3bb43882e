"""PDF: characters and their places from PDFium, then runs, tables and paragraphs."""
