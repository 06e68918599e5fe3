"""Pages of text and news: models, lists, feeds, addresses, what search engines are told."""
