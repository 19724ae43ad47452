"""How numbers are written in each language, where that differs from Django's own formats.

The decimal mark is a point in all of them: templates write the coordinates of drawings, which know no other.
"""
