"""What readers use: downloads as numbers, what is new since a visit."""
