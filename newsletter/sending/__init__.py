"""From a released issue to the socket: mailing, ledger, message, session."""
