"""One archive with the whole site, and the way back: rows of the database, stored files, checksums.

The archive is a plain tar file. `database/<app>.<model>.jsonl.gz` holds the rows of a table: one JSON array a line,
in the order of the first line, which names the columns. `files/<storage>/<name>` are the stored files, `manifest.json`
tells what it was made from, and `SHA256SUMS`, the last member, has the checksums of all others in the form of
sha256sum(1). It knows no engine: what was saved on SQLite can be restored on PostgreSQL.
"""
