"""What grows old unseen: pages that nobody reviewed, links that lead nowhere."""
