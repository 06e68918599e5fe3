"""House rules and the environment as Django system checks."""
