"""A ZIP file that is sent while it is written."""

from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


class Spool:
    """A file that cannot be rewound and hands over what was written since it was last asked."""

    def __init__(self):
        self.parts = []

    def write(self, data):
        self.parts.append(bytes(data))
        return len(data)

    def flush(self):
        """There is nothing to flush."""

    def taken(self):
        data = b"".join(self.parts)
        self.parts.clear()
        return data


def member(name):
    """Return what a ZIP file says of a member: dated 1980, so that the time of making leaves no trace."""
    info = ZipInfo(name)
    info.compress_type, info.external_attr = ZIP_DEFLATED, 0o644 << 16
    return info


def zipped(members):
    """Yield a ZIP file of (name, chunks of bytes) while it is written; equal members give equal bytes."""
    spool = Spool()
    with ZipFile(spool, "w") as archive:
        for name, chunks in members:
            with archive.open(member(name), "w", force_zip64=True) as file:
                yield spool.taken()
                for chunk in chunks:
                    file.write(chunk)
                    if data := spool.taken():
                        yield data
    yield spool.taken()
