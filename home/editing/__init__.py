"""What editors see beside the fields of a page: checks, defaults, the desk, previews, menus, the guide."""
