"""What learners get: packets of cases, quizzes and learning paths, made of the register's rows when asked for."""

from ..models.teaching import MOST_MISSIONS
from .asked import Choice, OwnPacket
from .contents import curated_context, own_context, told_of
from .differing import exercises
from .overview import path_context, shown_packets, shown_paths
from .quiz import QUIZZED, Quiz, quiz_subjects
from .reading_list import further_reading
from .roles import cards

__all__ = [
    "MOST_MISSIONS",
    "QUIZZED",
    "Choice",
    "OwnPacket",
    "Quiz",
    "cards",
    "curated_context",
    "exercises",
    "further_reading",
    "own_context",
    "path_context",
    "quiz_subjects",
    "shown_packets",
    "shown_paths",
    "told_of",
]
