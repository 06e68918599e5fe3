"""What waits in the queues of the broker."""

from __future__ import annotations

import redis


def waiting(broker: str, queue: str = "default") -> int:
    """How many tasks nobody has taken yet; `broker` is the address that the fixture of this name gives."""
    with redis.Redis.from_url(broker) as client:
        return client.llen(queue)
