"""How fast the knowledge base is, always beside a stated peer in the same run: see `docs/performance.md`."""
