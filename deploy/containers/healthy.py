"""Whether the process of this container works: `healthy.py web|worker|beat|metrics`, status 0 or 1.

Standard library only and fast: it runs every 30 seconds in every container.
"""

from __future__ import annotations

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

# A worker gives a sign of life every two seconds as long as it reaches the broker (see cms/celery.py).
WORKER_SECONDS = 60
# The machine may have told its containers of a proxy: that one does not know them.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# Beat writes down every three minutes what it has asked for.
BEAT_SECONDS = 600


def answers(address: str) -> bool:
    """Whether a server of this container answers at an address."""
    try:
        with DIRECT.open(f"http://{address}", timeout=4) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def is_recent(path: Path, seconds: float) -> bool:
    """Whether a file of this name, with whatever ending, was written within the last seconds."""
    found = [file.stat().st_mtime for file in path.parent.glob(f"{path.name}*")]
    return bool(found) and time.time() - max(found) < seconds


def main(what: str) -> int:
    """The exit status: 0 if the service of this name is alive."""
    if what == "web":
        alive = answers(f"127.0.0.1:{os.environ.get('PORT', '8000')}/healthz")
    elif what == "metrics":
        alive = answers("metrics-inside:9808/metrics")
    elif what == "worker":
        alive = is_recent(Path(os.environ["ALIVE_FILE"]), WORKER_SECONDS)
    else:
        alive = is_recent(Path(os.environ["VAR_DIR"], "celerybeat-schedule"), BEAT_SECONDS)
    return 0 if alive else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
