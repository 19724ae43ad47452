"""Words that stand for each other. The one place to add some; lower case, accents do not matter.

Country names in other languages are here only where readers use them; a mission's own foreign names are in its
`other_names`.
"""

# Any of a group finds all of it.
SAME = (
    ("blue helmets", "peacekeepers", "casques bleus", "cascos azules"),
    ("peacekeeping", "peace keeping"),
    ("peacebuilding", "peace building"),
    ("peacemaking", "peace making"),
    ("ceasefire", "cease fire"),
    ("r2p", "responsibility to protect"),
    ("srsg", "special representative of the secretary general"),
    ("green line", "buffer zone"),
    ("ivory coast", "côte d'ivoire"),
    ("timor leste", "east timor", "timor oriental"),
)

# Spellings beside those with s and z, which need no table.
SPELLINGS = {"defense": "defence", "center": "centre", "program": "programme", "labor": "labour", "honor": "honour"}
SPELLINGS |= {british: american for american, british in SPELLINGS.items()}

# The first finds the second as well as itself, but not the other way: most of the first mean other things too.
MEANS = {
    # Abbreviations
    "un": "united nations",
    "onu": "united nations",
    "us": "united states",
    "uk": "united kingdom",
    "au": "african union",
    "eu": "european union",
    "drc": "democratic republic of the congo",
    "car": "central african republic",
    "poc": "protection of civilians",
    "sea": "sexual exploitation and abuse",
    "ddr": "disarmament demobilization and reintegration",
    "ssr": "security sector reform",
    "roe": "rules of engagement",
    "sofa": "status of forces agreement",
    "tcc": "troop contributing country",
    "fib": "force intervention brigade",
    "unga": "general assembly",
    "unsc": "security council",
    # Deaths: what a reader asks and what the field calls it
    "killed": "fatalities",
    "died": "fatalities",
    # Countries in French, Spanish and Portuguese
    "bosnie": "bosnia",
    "cambodge": "cambodia",
    "camboya": "cambodia",
    "centrafrique": "central african republic",
    "république centrafricaine": "central african republic",
    "rca": "central african republic",
    "chypre": "cyprus",
    "chipre": "cyprus",
    "croatie": "croatia",
    "érythrée": "eritrea",
    "éthiopie": "ethiopia",
    "géorgie": "georgia",
    "liban": "lebanon",
    "líbano": "lebanon",
    "libye": "libya",
    "moçambique": "mozambique",
    "namibie": "namibia",
    "république démocratique du congo": "democratic republic of the congo",
    "rdc": "democratic republic of the congo",
    "sahara occidental": "western sahara",
    "somalie": "somalia",
    "soudan": "sudan",
    "syrie": "syria",
    "tchad": "chad",
    "yougoslavie": "yugoslavia",
    "yémen": "yemen",
}
