"""The page of one document: reading it page by page, citing it, and what machines learn about it."""
