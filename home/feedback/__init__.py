"""Reports of barriers: the form, the mail to the team, and what is forgotten when."""
