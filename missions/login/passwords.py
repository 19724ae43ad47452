"""What makes a password easy to guess here and nowhere else."""

from django.core.exceptions import ValidationError

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
