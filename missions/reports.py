"""What readers report: what a report is about, how many are taken, and how it is kept."""

import hashlib
import math
from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.db.models import Value
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import lazy
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from . import languages
from .citations import fact_in_a_line
from .models import FACTS, LISTED, Report, ReportSending

SUBJECTS = (*FACTS, *LISTED)
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
MOST_FROM_ONE, MOST_IN_ALL = 5, 200  # in an hour, in a day
SHORTEST, LONGEST = 10, 2000


def limited_now(sentence):
    """Return a sentence that names the shortest and the longest report, in the language of the page."""
    return gettext(sentence) % {"least": SHORTEST, "most": languages.number(LONGEST)}


limited = lazy(limited_now, str)


class TooManyError(Exception):
    """No more reports are taken now; `wait` says for how many seconds."""

    def __init__(self, wait):
        super().__init__(wait)
        self.wait = wait


@dataclass(frozen=True)
class Subject:
    """The published entry or fact that a report is about."""

    thing: object

    @property
    def entry(self):
        """The entry that it belongs to, or is."""
        return self.thing.mission if isinstance(self.thing, FACTS) else self.thing

    @property
    def label(self):
        """What it is about in one line: of a fact, its mission, what it says, and its date."""
        if not isinstance(self.thing, FACTS):
            return str(self.thing.label)
        return f"{self.entry}: {fact_in_a_line(self.thing).removeprefix(f'{self.entry}: ')}"

    @property
    def address(self):
        """Where readers see it."""
        return self.entry.get_absolute_url()


def subject_of(permanent_id):
    """Return what has this permanent id and is public, or None."""
    if not permanent_id or len(permanent_id) > 40 or "\0" in permanent_id:
        return None
    queries = [
        model._default_manager.published().filter(permanent_id=permanent_id).order_by().values_list(Value(number), "pk")
        for number, model in enumerate(SUBJECTS)
    ]
    found = queries[0].union(*queries[1:], all=True)[:1]
    for number, key in found:
        model = SUBJECTS[number]
        return Subject(model._default_manager.select_related(*related(model)).get(pk=key))
    return None


def related(model):
    return [*model.read_with, *(["mission"] if model in FACTS and "mission" not in model.read_with else [])]


class Lines(forms.CharField):
    """Text whose line breaks count as one character each, as they do for the browser that limits its length."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class ReportForm(forms.Form):
    text = Lines(
        label=gettext_lazy("What is wrong?"),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=limited(gettext_noop("%(least)d to %(most)s characters.")),
        error_messages={
            "required": gettext_lazy("Say what is wrong."),
            "min_length": limited(gettext_noop("Say a little more: at least %(least)d characters.")),
            "max_length": limited(gettext_noop("Say it more briefly: at most %(most)s characters.")),
        },
    )
    where = forms.CharField(
        label=gettext_lazy("Where can it be checked? (optional)"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("A document, a page of it, an address."),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address (optional)"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy(
            "For questions about your report. Only editors see it, and it is deleted when the report is closed."
        ),
        error_messages=dict.fromkeys(
            ("invalid", "max_length"), gettext_lazy("This is not an e-mail address. Correct it or leave it out.")
        ),
    )
    # For programs that fill in whatever they find. People do not see it.
    homepage = forms.CharField(
        label=gettext_lazy("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": -1, "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)

    @property
    def is_from_a_program(self):
        return bool(self.data.get("homepage"))


def send(subject, values, address):
    """Keep a report from an IP address. The same text about the same thing is kept once. Raises `TooManyError`."""
    thing, text = subject.thing, values["text"]
    digest = hashlib.sha256(" ".join(text.casefold().split()).encode()).hexdigest()
    same = {"permanent_id": thing.permanent_id, "digest": digest}
    if Report.objects.filter(**same).exists():
        return
    count_sending(address)
    told = {"kind": thing._meta.model_name, "entry": subject.entry.permanent_id, "about": subject.label[:400],
            "text": text, "where": values["where"], "email": values["email"]}  # fmt: skip
    Report.objects.get_or_create(**same, defaults=told)


def count_sending(address, now=None):
    """Count one more report from an IP address. Raises `TooManyError`.

    It is written first and counted after: of several at one time none slips through.
    """
    now = now or timezone.now()
    ReportSending.objects.filter(sent_at__lte=now - A_DAY).delete()
    this = ReportSending.objects.create(sender=sender(address, now), sent_at=now)
    # The digest changes at midnight, and the hour goes on.
    its = ReportSending.objects.filter(sender__in=[this.sender, sender(address, now - AN_HOUR)])
    wait = max(
        seconds_until_room(its.filter(sent_at__gt=now - AN_HOUR), MOST_FROM_ONE, AN_HOUR, now),
        seconds_until_room(ReportSending.objects.all(), MOST_IN_ALL, A_DAY, now),
    )
    if wait:
        this.delete()
        raise TooManyError(wait)


def seconds_until_room(sendings, most, period, now):
    """Return after how many seconds fewer than `most` others were sent within the period; 0 if that is so now."""
    times = sendings.order_by("-sent_at", "-pk").values_list("sent_at", flat=True)[most : most + 1]
    return max((math.ceil((time + period - now).total_seconds()) for time in times), default=0)


def sender(address, now):
    """Return a digest of an IP address under a salt of the day, from which no one without the secret key finds it."""
    return salted_hmac(f"missions.reports {now:%Y-%m-%d}", address, algorithm="sha256").hexdigest()


def thing_of(report):
    """Return the entry or fact that a report is about, or None if it has been deleted."""
    model = next(m for m in SUBJECTS if m._meta.model_name == report.kind)
    return model._default_manager.filter(permanent_id=report.permanent_id).first()


def settle(report, user):
    """Record on a report who decided about it, and when."""
    report.handled_by, report.handled_at = user.get_username(), timezone.now()
