"""The table that search reads, and the full-text index beside it."""

from django.db import DatabaseError, migrations, models, transaction

TABLE = "missions_searchdocument"
COLUMNS = "title, names, lead, body"

SQLITE = [
    f"""CREATE VIRTUAL TABLE {TABLE}_fts USING fts5({COLUMNS}, content='{TABLE}', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2')""",
    f"""CREATE TRIGGER {TABLE}_added AFTER INSERT ON {TABLE} BEGIN
        INSERT INTO {TABLE}_fts(rowid, {COLUMNS}) VALUES (new.id, new.title, new.names, new.lead, new.body); END""",
    f"""CREATE TRIGGER {TABLE}_dropped AFTER DELETE ON {TABLE} BEGIN
        INSERT INTO {TABLE}_fts({TABLE}_fts, rowid, {COLUMNS})
        VALUES ('delete', old.id, old.title, old.names, old.lead, old.body); END""",
    f"""CREATE TRIGGER {TABLE}_changed AFTER UPDATE ON {TABLE} BEGIN
        INSERT INTO {TABLE}_fts({TABLE}_fts, rowid, {COLUMNS})
        VALUES ('delete', old.id, old.title, old.names, old.lead, old.body);
        INSERT INTO {TABLE}_fts(rowid, {COLUMNS}) VALUES (new.id, new.title, new.names, new.lead, new.body); END""",
]

# PostgreSQL would read “S/RES/1244” as the name of a file and “peace-keeping” as three words; SQLite splits at every
# mark. With marks turned into spaces, both find the same words.
MARKS = """!"#$%&()*+,-./:;<=>?@[]^_`{|}~\\–—‑’‘“”«»…·•""" + "''"
SPACES = " " * (len(MARKS) - 1)  # a doubled apostrophe is one character
WEIGHTED = " || ".join(
    f"setweight(to_tsvector('missions_words', translate({column}, '{MARKS}', '{SPACES}')), '{weight}')"
    for column, weight in zip(COLUMNS.split(", "), "ABCD", strict=True)
)
WORDS = "asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart"
POSTGRESQL = [
    # The stemmer of SQLite, and no stop words: a quoted “rules of engagement” needs its “of”.
    "CREATE TEXT SEARCH DICTIONARY missions_stem (TEMPLATE = snowball, LANGUAGE = porter)",
    "CREATE TEXT SEARCH CONFIGURATION missions_words (COPY = simple)",
    f"ALTER TEXT SEARCH CONFIGURATION missions_words ALTER MAPPING FOR {WORDS} WITH unaccent, missions_stem",
    f"ALTER TABLE {TABLE} ADD COLUMN words tsvector GENERATED ALWAYS AS ({WEIGHTED}) STORED",
    f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin (words)",
]
NOT_SQLITE = [f"DROP TABLE {TABLE}_fts"]
NOT_POSTGRESQL = [
    f"ALTER TABLE {TABLE} DROP COLUMN words",
    "DROP TEXT SEARCH CONFIGURATION missions_words",
    "DROP TEXT SEARCH DICTIONARY missions_stem",
]


class ExtensionMissing(Exception):
    """PostgreSQL's extension “unaccent” is not there and this role cannot add it."""


def add_extension(cursor):
    cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'unaccent'")
    if cursor.fetchone():
        return
    try:
        with transaction.atomic():
            cursor.execute("CREATE EXTENSION unaccent")
    except DatabaseError as error:
        raise ExtensionMissing(
            "Search needs PostgreSQL's extension “unaccent” (Debian: package postgresql-contrib), and the role of "
            "DATABASE_URL may not add it. Ask an administrator of the server to run CREATE EXTENSION unaccent; in this "
            f"database, then run migrate again. PostgreSQL said: {error}"
        ) from error


def execute(schema_editor, sqlite, postgresql):
    vendor = schema_editor.connection.vendor
    with schema_editor.connection.cursor() as cursor:
        if vendor == "postgresql" and postgresql is POSTGRESQL:
            add_extension(cursor)
        for statement in {"sqlite": sqlite, "postgresql": postgresql}[vendor]:
            cursor.execute(statement)


def add_index(apps, schema_editor):
    execute(schema_editor, SQLITE, POSTGRESQL)


def drop_index(apps, schema_editor):
    execute(schema_editor, NOT_SQLITE, NOT_POSTGRESQL)


class Migration(migrations.Migration):
    dependencies = [("missions", "0003_register")]
    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(help_text="Model name of the entry.", max_length=20)),
                ("entry_id", models.BigIntegerField()),
                ("permanent_id", models.CharField(max_length=40)),
                ("slug", models.CharField(max_length=80)),
                ("label", models.CharField(help_text="Title to show.", max_length=400)),
                (
                    "acronym",
                    models.CharField(blank=True, help_text="Acronym of a mission, symbol of a document.", max_length=80),
                ),
                (
                    "keys",
                    models.TextField(help_text="Exact names, folded, one per line and a line break at either end."),
                ),
                (
                    "title",
                    models.TextField(
                        help_text="Words of the fields with the greatest weight, which the title is among."
                    ),
                ),
                (
                    "names",
                    models.TextField(blank=True, help_text="Other names, places, dates and authors, one per line."),
                ),
                ("lead", models.TextField(blank=True, help_text="Summary or definition.")),
                ("body", models.TextField(blank=True, help_text="All other text, that of public facts included.")),
                ("updated_at", models.DateTimeField(help_text="That of the entry when it was indexed.")),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("kind", "entry_id"), name="searchdocument_is_unique")],
            },
        ),
        migrations.RunPython(add_index, drop_index),
    ]
