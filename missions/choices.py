"""Every closed vocabulary. The stored value is a public identifier: it stands in URLs, the API and CSV."""

from django.db.models import TextChoices


class Stage(TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in-review", "In review"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class FactStage(TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class DraftState(TextChoices):
    NONE = "none", "No draft"
    WRITING = "writing", "Being written"
    IN_REVIEW = "in-review", "Waiting for review"
    APPROVED = "approved", "Approved"
    SENT_BACK = "sent-back", "Sent back"


class WithdrawalKind(TextChoices):
    ERROR = "error", "It was wrong: its address answers “gone” with the reason"
    MERGED = "merged", "It was merged: its address leads to the other entry"
    NOTICE = "notice", "It is no longer kept up: its address shows the notice"


class Precision(TextChoices):
    DAY = "day", "Day"
    MONTH = "month", "Month"
    YEAR = "year", "Year"


class Confidence(TextChoices):
    HIGH = "high", "High: a primary document says so plainly"
    MEDIUM = "medium", "Medium: one good source, not cross-checked"
    LOW = "low", "Low: rests on weak or indirect evidence"


class MissionType(TextChoices):
    OBSERVER = "observer", "Observer mission"
    TRADITIONAL = "traditional", "Traditional peacekeeping"
    MULTIDIMENSIONAL = "multidimensional", "Multidimensional peacekeeping"
    STABILIZATION = "stabilization", "Stabilization mission"
    ENFORCEMENT = "enforcement", "Peace enforcement"
    PREVENTIVE = "preventive", "Preventive deployment"
    TRANSITIONAL_ADMINISTRATION = "transitional-administration", "Transitional administration"
    SPECIAL_POLITICAL = "special-political", "Special political mission"
    SUPPORT = "support", "Support office"
    MILITARY_TRAINING = "military-training", "Military training mission"
    CIVILIAN = "civilian", "Civilian mission"
    OTHER = "other", "Other (see note)"


class Authorization(TextChoices):
    UN_LED = "un-led", "UN-led"
    UN_AUTHORIZED = "un-authorized", "UN-authorized, led by others"
    REGIONAL = "regional", "Regional organization's own decision"
    HOST_INVITATION = "host-invitation", "Host government's invitation"
    NONE = "none", "No international authorization"
    NOT_RECORDED = "not-recorded", "Not recorded"


class Status(TextChoices):
    ONGOING = "ongoing", "Ongoing"
    CLOSED = "closed", "Closed"


class Chapter(TextChoices):
    VI = "vi", "Chapter VI"
    VII = "vii", "Chapter VII"
    VIII = "viii", "Chapter VIII"
    NONE = "none", "No chapter cited"
    NOT_RECORDED = "not-recorded", "Not recorded"


class ChapterBasis(TextChoices):
    CITED = "cited", "Cited in the founding text"
    ATTRIBUTED = "attributed", "Attributed by authors"


class SourceKind(TextChoices):
    UN_RESOLUTION = "un-resolution", "UN resolution"
    UN_REPORT = "un-report", "UN report"
    UN_DOCUMENT = "un-document", "UN document"
    TREATY = "treaty", "Treaty or agreement"
    DOCTRINE = "doctrine", "Doctrine"
    DATASET = "dataset", "Dataset"
    BOOK = "book", "Book"
    CHAPTER = "chapter", "Book chapter"
    ARTICLE = "article", "Journal article"
    REPORT = "report", "Report"
    NEWS = "news", "News"
    WEB = "web", "Web page of the organization"


class Vocabulary(TextChoices):
    MISSION_TYPE = "mission-type", "Mission type"
    MANDATE_TASK = "mandate-task", "Mandate task"
    COUNTING_RULE = "counting-rule", "Counting rule"
    CONCEPT = "concept", "Concept"


class TaskGroup(TextChoices):
    FORCE = "security-and-force", "Security and use of force"
    ARMS = "arms-and-borders", "Arms, mines and borders"
    COMBATANTS = "combatants", "Combatants and their return"
    SECTOR = "security-and-justice-sector", "Security and justice sector"
    RIGHTS = "human-rights", "Human rights and protection"
    GOVERNANCE = "governance-and-elections", "Governance and elections"
    POLITICS = "politics-and-reconciliation", "Politics and reconciliation"
    RECOVERY = "relief-and-recovery", "Relief and recovery"


# Schemes that terms are matched with: name in full, and slug of the source where there is one.
SCHEMES = {
    "PEMA": ("Peacekeeping Mandates dataset (PEMA)", "pema-2022"),
    "PACT 2.0": ("Peacekeeping Activities dataset (PACT 2.0)", ""),
}


class Measure(TextChoices):
    AUTHORIZED_MILITARY = "authorized-military", "Authorized military strength"
    AUTHORIZED_POLICE = "authorized-police", "Authorized police strength"
    AUTHORIZED_UNIFORMED = "authorized-uniformed", "Authorized uniformed strength"
    DEPLOYED_MILITARY = "deployed-military", "Deployed military strength"
    DEPLOYED_POLICE = "deployed-police", "Deployed police strength"
    DEPLOYED_UNIFORMED = "deployed-uniformed", "Deployed uniformed strength"
    FATALITIES = "fatalities", "Fatalities"
    BUDGET = "budget", "Approved budget"


class Unit(TextChoices):
    PERSONS = "persons", "persons"
    US_DOLLARS = "US dollars", "US dollars"


class Scope(TextChoices):
    ALL = "all", "All"
    MALICIOUS_ACT = "malicious-act", "Malicious act"
    ACCIDENT = "accident", "Accident"
    ILLNESS = "illness", "Illness"
    OTHER = "other", "Other or to be determined"


class EventKind(TextChoices):
    ESTABLISHMENT = "establishment", "Established"
    MANDATE_CHANGE = "mandate-change", "Mandate changed"
    RENEWAL = "renewal", "Mandate renewed"
    OPERATIONAL = "operational", "Operational"
    TRANSITION = "transition", "Handover"
    CLOSURE = "closure", "Closed"
    DECISION = "decision", "Other decision"
    POLITICAL = "political", "Politics"
    VIOLENCE = "violence", "Violence"
    DISASTER = "disaster", "Disaster"
    ACCOUNTABILITY = "accountability", "Accountability"
    CONTEXT = "context", "Context"


MANDATE_DECISIONS = (
    EventKind.ESTABLISHMENT,
    EventKind.MANDATE_CHANGE,
    EventKind.RENEWAL,
    EventKind.TRANSITION,
    EventKind.CLOSURE,
    EventKind.DECISION,
)


class Modality(TextChoices):
    MONITOR = "monitor", "Monitor"
    ASSIST = "assist", "Assist"
    SECURE = "secure", "Secure"


class TaskStrength(TextChoices):
    REQUESTED = "requested", "Requested"
    ENCOURAGED = "encouraged", "Encouraged"
    ALL_NECESSARY_MEANS = "all-necessary-means", "With all necessary means"


class Verdict(TextChoices):
    FAVOURABLE = "favourable", "Favourable"
    MIXED = "mixed", "Mixed"
    CRITICAL = "critical", "Critical"


class Stance(TextChoices):
    UPHELD = "upheld", "Upheld"
    STRAINED = "strained", "Strained"
    BREACHED = "breached", "Breached"
    CONTESTED = "contested", "Contested"


# A stance in words, by the kind of entry: a challenge is not upheld, it is managed.
STANCE_LABELS = {
    "principle": {s.value: s.label for s in Stance},
    "challenge": {"upheld": "Managed", "strained": "Felt", "breached": "Overwhelming", "contested": "Disputed"},
    "trend": {"upheld": "Borne out", "strained": "In part", "breached": "Counter-example", "contested": "Disputed"},
}


class SuccessionKind(TextChoices):
    FOLLOW_ON = "follow-on", "Follow-on operation"
    RE_HATTING = "re-hatting", "Re-hatting of the same troops"
    RENAMING = "renaming", "Renamed"
    PARALLEL = "parallel", "Alongside"


class Dimension(TextChoices):
    CONSENT = "consent", "Consent"
    FORCE = "force", "Use of force"
    AIM = "aim", "Aim"
    PERSONNEL = "personnel", "Personnel"
    LEGAL_BASIS = "legal-basis", "Legal basis"
    IMPARTIALITY = "impartiality", "Impartiality"
    TIMING = "timing", "When it is used"
    COMMAND = "command", "Who commands"
    RISK = "risk", "Characteristic risk"


class LinkState(TextChoices):
    OK = "ok", "In order"
    UNSURE = "unsure", "Unsure"
    BROKEN = "broken", "Broken"


class ReportState(TextChoices):
    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    DUPLICATE = "duplicate", "Duplicate"
