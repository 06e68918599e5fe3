"""`python -m tests.faults.writing`: takes one document after the other into the archive, and says so once it is stored.

One line of JSON a document, written after its commit: its id, the name of its file and the SHA-256 of that. Runs in a
process of its own until it is ended, because the database is not that of the test.
"""

import io
import itertools
import json
import secrets
import time

import django


def main() -> None:
    from archive.intake import take_in

    for number in itertools.count():
        content = f"Protokoll {number}\n{secrets.token_hex(20_000)}\n".encode()
        version = take_in(io.BytesIO(content), f"protokoll-{number}.txt").version
        print(json.dumps([version.pk, version.file.name, version.sha256]), flush=True)
        # SQLite has one writer at a time, and nobody else would get a turn.
        time.sleep(0.05)


if __name__ == "__main__":
    django.setup()
    main()
