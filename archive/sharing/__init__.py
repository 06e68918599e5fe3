"""Links that let anybody read one document for some days."""
