"""Who gets the newsletter, and the proof that they asked for it."""
