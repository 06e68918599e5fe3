"""The backend itself, under the name that Django asks for: `ENGINE` is the package `cms.postgresql`."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks the server whether it is there only if the connection has something to say.

    Django sends `SELECT 1` before the first query of every request, a third of the time of a download. A server that
    has closed a connection, because it was stopped, killed or told to end a session, has said so: its message or the
    end of the stream lies there to be read. One that vanished without a word (a cut cable) is found by neither way
    before TCP gives up.
    """

    def close_if_health_check_failed(self) -> None:
        """As Django's, without a question to a server on whose silent connection nothing has gone wrong."""
        if self.connection is not None and not self.connection.closed and not self._has_something_to_read():
            self.health_check_done = True
            return
        super().close_if_health_check_failed()

    def _has_something_to_read(self) -> bool:
        poll = select.poll()
        # The end of a stream and errors are told without being asked for (poll(2)).
        poll.register(self.connection.fileno(), select.POLLIN)
        return bool(poll.poll(0))
