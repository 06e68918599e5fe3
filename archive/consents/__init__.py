"""Consents to publication: recorded, withdrawn, and what follows from them for the access rule."""
