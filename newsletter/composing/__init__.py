"""From the blocks of an issue to the two parts of a mail."""
