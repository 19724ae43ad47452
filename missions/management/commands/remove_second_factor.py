from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError

from missions.login import devices


class Command(BaseCommand):
    help = "Remove the authenticator app and the recovery codes of a user, and end his sessions."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, username, **options):
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user “{username}”.")
        devices.remove(user)
        self.stdout.write(f"{username} sets up a new authenticator app after the next password.")
