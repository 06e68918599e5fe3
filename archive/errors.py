"""What the verbs of the archive raise when a step is not allowed."""


class Refused(ValueError):
    """A step that is not allowed now. The message is a German sentence for the editor, with what to do instead."""
