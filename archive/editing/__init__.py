"""What editors of documents see in the admin besides Wagtail's own pages: uploads, states, a second reading."""
