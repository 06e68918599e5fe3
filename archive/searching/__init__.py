"""How `archive.search` finds an answer, step by step: words, documents, order, facets, pages, suggestions."""
