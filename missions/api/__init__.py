"""The read-only API below /api/v1/: the lists and entries of the pages, their facts and vocabularies, as JSON."""
