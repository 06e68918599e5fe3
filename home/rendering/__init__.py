"""A stream in any medium, and the PDF engine: fetcher, tags, glyphs, limits, writer."""
