"""Text set in lines: how wide a TrueType font makes it, and where to break it."""

import struct
from functools import cache, cached_property


class Font:
    """The widths of a TrueType font's letters."""

    def __init__(self, path):
        self.data = path.read_bytes()
        count = self.read(">H", 4)[0]
        records = [self.read(">4sLLL", 12 + 16 * n) for n in range(count)]
        self.tables = {tag.decode(): offset for tag, _, offset, _ in records}

    def read(self, layout, offset):
        return struct.unpack_from(layout, self.data, offset)

    @cached_property
    def glyphs(self):
        """Return {code point: glyph number}, from the character map's table of format 4."""
        start = self.tables["cmap"]
        count = self.read(">H", start + 2)[0]
        offsets = [start + self.read(">HHL", start + 4 + 8 * n)[2] for n in range(count)]
        table = next(o for o in offsets if self.read(">H", o)[0] == 4)
        segments = self.read(">H", table + 6)[0] // 2
        layout = f">{segments}H"
        ends = self.read(layout, table + 14)
        starts, deltas, ranges = (self.read(layout, table + 16 + 2 * segments * n) for n in (1, 2, 3))
        glyphs = {}
        for n, (first, last) in enumerate(zip(starts, ends, strict=True)):
            for code in range(first, min(last, 0xFFFE) + 1):
                glyph = code
                if ranges[n]:
                    place = table + 16 + 2 * (3 * segments + n) + ranges[n] + 2 * (code - first)
                    glyph = self.read(">H", place)[0]
                glyphs[code] = (glyph + deltas[n]) % 0x10000
        return glyphs

    @cached_property
    def widths(self):
        """Return the width of every glyph as a fraction of the size of the type."""
        em = self.read(">H", self.tables["head"] + 18)[0]
        number = self.read(">H", self.tables["hhea"] + 34)[0]
        return [self.read(">H", self.tables["hmtx"] + 4 * n)[0] / em for n in range(number)]

    @cache  # noqa: B019 - there are two fonts, and they live as long as the process
    def letter(self, code):
        """Return the width of a letter; one that the font lacks is taken for a full square."""
        glyph = self.glyphs.get(code)
        return 1 if glyph is None else self.widths[min(glyph, len(self.widths) - 1)]

    def width(self, text, size):
        """Return how wide the text is at a size, in the same unit; pairs that stand closer are not counted."""
        return size * sum(self.letter(ord(c)) for c in text)


def wrap(text, font, size, width):
    """Return the lines of the text, none wider than `width`: broken between words, or within one that is too long."""
    lines, used, space = [], width, font.width(" ", size)
    for word in text.split():
        wide = font.width(word, size)
        if used + space + wide <= width:
            lines[-1] += f" {word}"
            used += space + wide
        elif wide <= width:
            lines.append(word)
            used = wide
        else:
            pieces = broken(word, font, size, width)
            lines += pieces
            used = font.width(pieces[-1], size)
    return lines


def broken(word, font, size, width):
    """Return the pieces of a word that is wider than a line."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and font.width(pieces[-1] + letter, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def cut(lines, number, font, size, width):
    """Return the first lines; where some had to go the last one ends in “…”."""
    if len(lines) <= number:
        return lines
    if number < 1:
        return []
    last = lines[number - 1]
    while last and font.width(f"{last} …", size) > width:
        last = last.rpartition(" ")[0] or last[:-1]
    return [*lines[: number - 1], f"{last.rstrip(' ,;:.')} …"]


def fit(text, font, steps, width):
    """Return (size, lines) at the first of the steps (size, most lines) that holds the text, else cut at the last."""
    for size, number in steps:
        lines = wrap(text, font, size, width)
        if len(lines) <= number:
            return size, lines
    return size, cut(lines, number, font, size, width)
