"""Backups that are known to be good before they are called one, and the way back from them."""

from .archive import BackupError
from .making import kept, make
from .restoring import restore

__all__ = ["BackupError", "kept", "make", "restore"]
