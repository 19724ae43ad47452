import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from missions.checks import check_content


class Command(BaseCommand):
    help = "List every break of the content rules with entry and field; exit 1 if there is an error."

    def add_arguments(self, parser):
        parser.add_argument(
            "--against", nargs="*", default=[], help="text files that no text may share a run of words with"
        )

    def handle(self, *args, **options):
        try:
            articles = [Path(name).read_text(encoding="utf-8") for name in options["against"]]
        except (OSError, UnicodeDecodeError) as problem:
            raise CommandError(f"An article cannot be read: {problem}") from problem
        findings = sorted(check_content(articles), key=lambda f: (f.level, f.entry, f.field))
        for finding in findings:
            self.stdout.write(str(finding))
        errors = sum(f.level == "error" for f in findings)
        self.stdout.write(f"{errors} errors, {len(findings) - errors} warnings")
        if errors:
            sys.exit(1)
