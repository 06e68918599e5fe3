"""The PDF documentation of an edition: gather, lay out, check, store."""
