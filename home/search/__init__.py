"""German words (`analysis`), and the search of the whole site."""
