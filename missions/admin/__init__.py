"""The editors' side. Who may do what to which entry is asked of `workflow`, never decided here."""

from . import entries, facts, reports, shared, upkeep, users

__all__ = ["entries", "facts", "reports", "shared", "upkeep", "users"]
