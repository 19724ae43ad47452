"""Publish every approved version whose time has come. Made for cron, every few minutes; late is never too late."""

import sys

from django.core.management.base import BaseCommand

from missions import drafts


class Command(BaseCommand):
    help = "Publishes approved versions whose time has come; holds back and reports what became invalid (exit code 1)."

    def handle(self, *args, **options):
        done, held = drafts.publish_due()
        for change in done:
            self.stdout.write(f"published: {change.title}")
        for draft, reason in held:
            self.stderr.write(f"held back: {draft.entry}: {reason}")
        if held:
            sys.exit(1)
