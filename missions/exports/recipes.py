"""Lines by which others fetch the same rows: Python, R and curl."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipes:
    """`address` is that of a CSV, in full; `checksum_address` that of its SHA-256, or "" where it is known anyway."""

    address: str
    checksum_address: str = ""
    file: str = "rows.csv"

    @property
    def python(self):
        return (
            "import pandas\n\n"
            f'rows = pandas.read_csv("{self.address}", keep_default_na=False, na_values=[""])\n'
            "print(rows.shape)"
        )

    @property
    def r(self):
        return (
            f'rows <- read.csv("{self.address}",\n'
            '                 fileEncoding = "UTF-8-BOM", na.strings = "", check.names = FALSE)\n'
            "dim(rows)"
        )

    @property
    def curl(self):
        fetch = f'curl --fail --output {self.file} "{self.address}"'
        check = f'\ncurl --fail "{self.checksum_address}" | sha256sum --check' if self.checksum_address else ""
        return fetch + check
