"""What comes back: bounces, complaints, automatic answers, and requests to be taken off the list."""
