from .approach import Approach, ApproachDimension
from .base import FormerAddress
from .case_study import SECTIONS, CaseStudy
from .challenge import Challenge
from .editing import Batch, Change, Draft, PreviewLink
from .evidence import TOPICS, Evidence
from .fact import Assessment, Event, Figure, MandatedTask
from .loaded import LoadedRecord
from .mission import Mission, Succession
from .place import Country, Organization, Region
from .principle import Principle
from .release import Release
from .search_document import SearchDocument
from .source import Citation, Source
from .teaching import POINTS_AT, Answer, DiscussionQuestion, LearningPath, Packet, PathStep
from .term import Term
from .theme import Theme
from .trend import Trend
from .upkeep import Confirmation, LinkCheck, MissedSearch, Report, ReportSending
from .version import ContentChange, ContentVersion

KINDS = (CaseStudy, Mission, Approach, Principle, Challenge, Trend, Theme)
LISTED = (*KINDS, Source, Term)
MODELS = {model._meta.model_name: model for model in KINDS}
TAUGHT = (Packet, LearningPath)  # what has prose of its own beside the entries
FACTS = (Figure, Event, MandatedTask, Assessment, Evidence)

__all__ = [
    "FACTS",
    "KINDS",
    "LISTED",
    "MODELS",
    "POINTS_AT",
    "SECTIONS",
    "TAUGHT",
    "TOPICS",
    "Answer",
    "Approach",
    "ApproachDimension",
    "Assessment",
    "Batch",
    "CaseStudy",
    "Challenge",
    "Change",
    "Citation",
    "Confirmation",
    "ContentChange",
    "ContentVersion",
    "Country",
    "DiscussionQuestion",
    "Draft",
    "Event",
    "Evidence",
    "Figure",
    "FormerAddress",
    "LearningPath",
    "LinkCheck",
    "LoadedRecord",
    "MandatedTask",
    "MissedSearch",
    "Mission",
    "Organization",
    "Packet",
    "PathStep",
    "PreviewLink",
    "Principle",
    "Region",
    "Release",
    "Report",
    "ReportSending",
    "SearchDocument",
    "Source",
    "Succession",
    "Term",
    "Theme",
    "Trend",
]
