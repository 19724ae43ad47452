"""Passwords: what makes one easy to guess here and nowhere else, and the link with which a member chooses one."""

from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from . import sessions

WORDS = (
    "administrator", "admin", "base", "conflict", "editor", "keeper", "keeping", "knowledge", "mission", "nation",
    "operation", "password", "peace", "publisher", "reviewer", "united", "writer",
)  # fmt: skip
OTHERS = 8  # characters that have to be left without them


class NotOurWords:
    """Refuses a password that is made mainly of the words of this site and the names of its user."""

    def validate(self, password, user=None):
        rest = password.lower()
        names = [getattr(user, name, "").lower() for name in ("username", "first_name", "last_name")]
        for word in (*WORDS, *(name for name in names if len(name) > 2)):
            rest = rest.replace(word, "")
        if len(rest) < min(OTHERS, len(password)):
            raise ValidationError(
                "This password is made mainly of words that anyone would try here: your name, “peace”, “mission”."
            )

    def get_help_text(self):
        return "Your password can’t be made mainly of your name and the words of this site, such as “peace”."


@transaction.atomic
def link_to_choose(user):
    """Take away a user's password and end his sessions; return the path at which he chooses another.

    It works once, for a day, and until the next is made: the token is made of the time and of what stands in place of
    the password, so nothing of it is stored.
    """
    user.set_unusable_password()
    user.save(update_fields=["password"])
    sessions.end(user)
    who = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("admin:choose_password", args=[who, default_token_generator.make_token(user)])
