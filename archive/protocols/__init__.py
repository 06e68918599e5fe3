"""The way of a protocol: draft, agreement, release, correction; and what was agreed in it."""
