"""Accounts: login, invitations, requests for access, the yearly review, and what a person sees of it."""
