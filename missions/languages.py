"""The languages of the pages: which address is in which, and how dates, numbers and names are written in each.

Labels, addresses and citations are English wherever they are kept, exported or cached. They are put into another
language where a page shows them, and only there. Which language that is, the address alone decides.
"""

from contextlib import nullcontext

from django.conf import settings
from django.utils.formats import date_format, number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_bidi, gettext, override, pgettext

SOURCE = settings.LANGUAGE_CODE  # what everything is written in; its addresses have no prefix
NAMES = dict(settings.LANGUAGES)
PREFIXED = tuple(code for code in NAMES if code != SOURCE)
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
MONTHS += ("November", "December")
FORMATS = {"day": "j F Y", "month": "F Y"}
IN_ENGLISH = mark_safe(' lang="en" dir="ltr"')  # the attributes of an element, with a space before them


def language_of(path):
    """Return the code of the language that an address is in."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in PREFIXED else SOURCE


def bare(path):
    """Return an address without the prefix of its language: the English one, which is the one to cite."""
    language = language_of(path)
    return path if language == SOURCE else path.removeprefix(f"/{language}")


def in_language(path, language):
    """Return the address of the same page in another language."""
    return bare(path) if language == SOURCE else f"/{language}{bare(path)}"


def in_source():
    """Return the context in which everything is English, as it is for data and citations."""
    return nullcontext() if is_source() else override(SOURCE)


def is_source():
    """Tell whether what is written now is English."""
    return get_language() in (SOURCE, None)


def short(language):
    """Return the code of a language as HTML and search engines take it: English of no country in particular."""
    return language.partition("-")[0]


def current():
    """Return the code of the language and the direction of what is written now, as HTML takes them."""
    return short(get_language() or SOURCE), "rtl" if get_language_bidi() else "ltr"


def translated(text):
    """Return a label or a name in the language of the page; as it is where nobody has translated it."""
    text = str(text)
    return gettext(text) if text and not is_source() else text


def listed(names):
    """Return names one after the other, each in the language of the page."""
    if is_source():
        return ", ".join(map(str, names))
    return pgettext("between the items of a list", ", ").join(map(translated, names))


def in_english(text):
    """Return a text of the content within a sentence of the page: marked as English where the page is not."""
    return text if is_source() or not text else format_html("<span{}>{}</span>", IN_ENGLISH, text)


def filled(sentence, words):
    """Return a sentence with its places filled; as HTML where `in_english` marks some of what fills them."""
    if is_source():
        return sentence % words
    return mark_safe(sentence % {k: conditional_escape(v) for k, v in words.items()})  # noqa: S308  each is escaped


def together(names):
    """Return names as one enumeration in the language of the page: “A, B and C”."""
    *first, last = map(translated, names)
    return gettext("%(first)s and %(last)s") % {"first": listed(first), "last": last} if first else last


def written_date(date, precision="day"):
    """Return a date in English as exactly as it is known: “4 March 1964”, “March 1964”, “1964”."""
    if date is None:
        return ""
    month = MONTHS[date.month - 1]
    return {"day": f"{date.day} {month} {date.year}", "month": f"{month} {date.year}"}.get(precision, str(date.year))


def written(date, precision="day"):
    """Return a date in the words of the page, as exactly as it is known: to the day, the month or the year."""
    if date is None or precision not in FORMATS or is_source():
        return written_date(date, precision)
    text = date_format(date, FORMATS[precision])
    # In French the first day of a month is an ordinal, and the others are not.
    return text.replace("1 ", "1er ", 1) if get_language() == "fr" and precision == "day" and date.day == 1 else text


def number(value):
    """Return a number with the marks between thousands that the reader is used to."""
    return number_format(value, force_grouping=True)
