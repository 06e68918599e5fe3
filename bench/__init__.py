"""Benchmarks: figures as ratios to a limit or to a peer measured in the same run. Tests never assert a time."""
