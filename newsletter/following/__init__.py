"""Following a mailing in the admin: how far it is, who has not got it, what came back, and what editors do about it."""
