"""Data about people across all apps: the processing record, export and deletion of one person."""
