"""The editors' side. Who may do what to which entry is asked of `workflow`, never decided here."""

from . import entries, facts, reports, shared, teaching, upkeep, users

__all__ = ["entries", "facts", "reports", "shared", "teaching", "upkeep", "users"]
