"""What can go wrong; `str()` is a German sentence for whoever runs the command."""


class BackupError(Exception):
    """Nothing was written or changed."""


class DamagedArchive(BackupError):
    """The file is no backup, is not complete or was changed."""


class UnsuitableTarget(BackupError):
    """The archive must not or cannot be restored into this system."""
