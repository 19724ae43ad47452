"""What a member proves himself with besides the password: one authenticator app and ten recovery codes."""

from base64 import b32encode, b64encode
from hashlib import sha256
from secrets import token_bytes

import segno
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import sessions

CODES = 10
RANDOM = 15  # bytes of a recovery code, 120 bits in 24 letters; former ones have ten, and work


def app_of(user):
    """Return the authenticator app that the user has set up, or None."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk").first()


def codes_of(user):
    """Return the device that holds the user's recovery codes, or None."""
    return StaticDevice.objects.filter(user=user).order_by("pk").first()


def codes_left(user):
    """Return how many recovery codes the user has not used."""
    return StaticToken.objects.filter(device__user=user).count()


def with_app(users):
    """Tell of each user whether an authenticator app is set up, as `has_app`."""
    return users.annotate(has_app=Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)))


def new_app(user):
    """Return an app that is to be set up; it proves nothing until `set_up` was called with it."""
    return TOTPDevice.objects.create(user=user, name="Authenticator app", confirmed=False)


def unfinished_app(user, pk):
    """Return the app of this user that was begun to be set up under this key, or None."""
    return TOTPDevice.objects.filter(user=user, pk=pk, confirmed=False).first()


def set_up(app):
    """Make this the one app of its user and return new recovery codes; none if it was overtaken by another."""
    with transaction.atomic():
        lock(app.user)
        if not TOTPDevice.objects.filter(pk=app.pk).update(confirmed=True):
            return []
        TOTPDevice.objects.filter(user=app.user).exclude(pk=app.pk).delete()
        return renew_codes(app.user)


@transaction.atomic
def renew_codes(user):
    """Put ten new recovery codes in place of those a user has, and return them."""
    lock(user)
    device = codes_of(user) or StaticDevice.objects.create(user=user, name="Recovery codes")
    device.token_set.all().delete()
    codes = [b32encode(token_bytes(RANDOM)).decode().lower() for _ in range(CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=digest(code)) for code in codes)
    return ["-".join(groups_of_four(code)) for code in codes]


@transaction.atomic
def remove(user):
    """Take away a user's app and codes and end his sessions: his next login sets up new ones."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    sessions.end(user)


def lock(user):
    """Let no one else change this user's devices until the transaction ends."""
    get_user_model().objects.select_for_update().get(pk=user.pk)


def digest(code):
    """Return what is stored of a recovery code, however typed; 120 random bits need neither salt nor a slow hash.

    The column holds sixteen letters, which are 96 bits of the digest.
    """
    plain = code.replace("-", "").replace(" ", "").lower()
    return b64encode(sha256(plain.encode()).digest()[:12]).decode()


def secret(app):
    """Return the secret of an app as people type it."""
    return " ".join(groups_of_four(b32encode(app.bin_key).decode()))


def qr_code(app):
    """Return the secret as the address of a picture that an app can scan; on white, or dark themes would invert it."""
    return segno.make(app.config_url, error="m").svg_data_uri(scale=4, dark="#000", light="#fff")


def groups_of_four(text):
    return [text[n : n + 4] for n in range(0, len(text), 4)]
