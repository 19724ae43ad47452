"""Where members are logged in, and the end of it.

What is known of a login lies in its session and goes with it: when it began and in which sort of browser. No address is
kept, and no time of last use, which would be a write for each request.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_otp import DEVICE_ID_SESSION_KEY

BEGAN, BROWSER = "began", "browser"
# The first mark that a browser names decides: each names those of others that came before it.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "SamsungBrowser/": "Samsung Internet", "Firefox/": "Firefox",
            "FxiOS/": "Firefox", "Chrome/": "Chrome", "CriOS/": "Chrome", "Safari/": "Safari"}  # fmt: skip
SYSTEMS = {"iPhone": "an iPhone", "iPad": "an iPad", "Android": "Android", "Windows": "Windows", "Macintosh": "a Mac",
           "CrOS": "ChromeOS", "Linux": "Linux"}  # fmt: skip


@dataclass(frozen=True)
class Login:
    """One session of a member, as its page shows it; `name` is no key, which would be worth the login."""

    name: str
    browser: str
    began: datetime | None
    ends: datetime
    is_proved: bool
    is_this: bool


def describe(request):
    """Write into a session that begins when that was, and in which browser."""
    request.session[BEGAN] = timezone.now().isoformat()
    request.session[BROWSER] = browser_of(request.META.get("HTTP_USER_AGENT", ""))


def browser_of(program):
    """Return in words what a browser calls itself, without its version."""
    browser = next((name for mark, name in BROWSERS.items() if mark in program), "Another program")
    system = next((name for mark, name in SYSTEMS.items() if mark in program), "an unknown system")
    return f"{browser} on {system}"


def live(user):
    """Yield each session of a user that is not over, with what it holds."""
    for session in Session.objects.filter(expire_date__gte=timezone.now()):
        held = session.get_decoded()
        if held.get(SESSION_KEY) == str(user.pk):
            yield session, held


def name_of(key):
    return sha256(key.encode()).hexdigest()


def listed(user, this):
    """Return the logins of a user, the one with the key `this` first, then the latest first."""
    logins = [
        Login(
            name=name_of(session.pk),
            browser=held.get(BROWSER, "Unknown browser"),
            began=datetime.fromisoformat(held[BEGAN]) if BEGAN in held else None,
            ends=session.expire_date,
            is_proved=DEVICE_ID_SESSION_KEY in held,
            is_this=session.pk == this,
        )
        for session, held in live(user)
    ]
    return sorted(logins, key=lambda login: (login.is_this, login.ends), reverse=True)


def end(user, but=None, names=None):
    """Delete a user's sessions, so that none revives if he is let in again, and return how many that were.

    The one with the key `but` stays, and where there are `names`, all that have none of these.
    """
    keys = [s.pk for s, _ in live(user) if s.pk != but and (names is None or name_of(s.pk) in names)]
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)
