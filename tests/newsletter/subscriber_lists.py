"""What stands in the CSV files of subscribers."""

HEAD = "email,name,topics,consent_origin,consent_at\n"
WHEN = "2024-05-01T10:00:00+02:00"
