"""Data for the scripts of an edition. A script can be loaded from a disk where a file of JSON cannot."""

import json


def given(name, value):
    """Return the script that puts a value where the scripts of the edition find it, as bytes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"(self.peaceops ??= {{}}).{name} = {text};\n".encode()


def added(name, key, value):
    """Return the script that adds one value to a table of them, as bytes."""
    key, text = (json.dumps(v, ensure_ascii=False, separators=(",", ":")) for v in (key, value))
    return f"((self.peaceops ??= {{}}).{name} ??= {{}})[{key}] = {text};\n".encode()
