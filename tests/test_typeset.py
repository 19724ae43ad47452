from itertools import pairwise

import pytest

from missions.previews import SANS, SERIF
from missions.typeset import Font, cut, fit, wrap

SERIF, SANS = Font(SERIF), Font(SANS)


@pytest.mark.parametrize("font", [SERIF, SANS])
def test_widths_are_read_from_the_font(font):
    assert font.width("i", 100) < font.width("n", 100) < font.width("M", 100) < 100
    assert font.width("nn", 50) == font.width("n", 100)
    assert font.width("", 100) == 0


@pytest.mark.parametrize("font", [SERIF, SANS])
def test_the_fonts_hold_the_letters_of_names_in_the_field(font):
    assert [c for c in "éïćôçãÉŠžłığñøåß“”‘’–—…·" if ord(c) not in font.glyphs] == []


def test_a_letter_that_the_font_lacks_counts_as_a_full_square():
    assert SANS.width("文", 40) == 40


def test_lines_break_between_words_and_none_is_too_wide():
    text = "United Nations Multidimensional Integrated Stabilization Mission in the Central African Republic"
    lines = wrap(text, SANS, 40, 500)
    assert " ".join(lines) == text
    assert all(SANS.width(line, 40) <= 500 for line in lines)
    assert all(SANS.width(f"{a} {b.split()[0]}", 40) > 500 for a, b in pairwise(lines))


@pytest.mark.parametrize(("text", "lines"), [("", []), ("  ", []), (" a\n b ", ["a b"])])
def test_white_space_is_no_text(text, lines):
    assert wrap(text, SANS, 40, 500) == lines


def test_a_word_wider_than_a_line_is_broken():
    lines = wrap("a " + "W" * 90 + " b", SANS, 40, 500)
    assert "".join(lines).replace(" ", "") == "a" + "W" * 90 + "b"
    assert all(SANS.width(line, 40) <= 500 for line in lines)


def test_what_does_not_fit_ends_in_dots():
    lines = wrap("word " * 60, SANS, 40, 500)
    short = cut(lines, 2, SANS, 40, 500)
    assert (len(short), short[0]) == (2, lines[0])
    assert short[1].endswith(" …")
    assert SANS.width(short[1], 40) <= 500
    assert cut(lines, 0, SANS, 40, 500) == []
    assert cut(["one"], 2, SANS, 40, 500) == ["one"]


def test_the_first_size_that_holds_the_text_is_taken():
    assert fit("Short", SERIF, ((80, 1), (40, 1)), 500) == (80, ["Short"])
    assert fit("Rather longer than that", SERIF, ((80, 1), (36, 1)), 500) == (36, ["Rather longer than that"])
    size, lines = fit("word " * 99, SERIF, ((80, 1), (40, 2)), 500)
    assert (size, len(lines)) == (40, 2)
