"""Every closed vocabulary. The stored value is a public identifier: it stands in URLs, the API and CSV."""

from django.db.models import TextChoices


class Defined(TextChoices):
    """A vocabulary whose values say what they mean: each member is value, definition, label."""

    def __new__(cls, value, definition):
        member = str.__new__(cls, value)
        member._value_, member.definition = value, definition
        return member


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


class Precision(Defined):
    DAY = "day", "The day is known.", "Day"
    MONTH = "month", "Only the month is known; the date given is its first day.", "Month"
    YEAR = "year", "Only the year is known; the date given is 1 January.", "Year"


class Confidence(Defined):
    HIGH = "high", "A primary document says so plainly.", "High: a primary document says so plainly"
    MEDIUM = (
        "medium",
        "One good source says so; it was not cross-checked.",
        "Medium: one good source, not cross-checked",
    )
    LOW = "low", "It rests on weak or indirect evidence.", "Low: rests on weak or indirect evidence"


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


class Authorization(Defined):
    UN_LED = "un-led", "The United Nations commands and pays for it.", "UN-led"
    UN_AUTHORIZED = (
        "un-authorized",
        "The Security Council or the General Assembly authorized it; states or another organization lead it.",
        "UN-authorized, led by others",
    )
    REGIONAL = "regional", "A regional organization decided on it by itself.", "Regional organization's own decision"
    HOST_INVITATION = (
        "host-invitation",
        "It came at the request of the host government, without a decision of an international organization.",
        "Host government's invitation",
    )
    NONE = (
        "none",
        "No international organization authorized it and no host government asked for it.",
        "No international authorization",
    )
    NOT_RECORDED = "not-recorded", "Nobody has recorded it yet.", "Not recorded"


class Status(Defined):
    ONGOING = "ongoing", "No end is recorded.", "Ongoing"
    CLOSED = "closed", "An end is recorded.", "Closed"


class Chapter(Defined):
    VI = (
        "vi",
        "Chapter VI of the UN Charter, pacific settlement of disputes; mostly attributed, as decisions rarely cite it.",
        "Chapter VI",
    )
    VII = "vii", "Chapter VII of the Charter, action with respect to threats to the peace.", "Chapter VII"
    VIII = "viii", "Chapter VIII of the Charter, regional arrangements.", "Chapter VIII"
    NONE = "none", "The founding decision rests on no chapter of the Charter.", "No chapter cited"
    NOT_RECORDED = "not-recorded", "Nobody has recorded it yet.", "Not recorded"


class ChapterBasis(Defined):
    CITED = "cited", "The founding decision names the chapter.", "Cited in the founding text"
    ATTRIBUTED = "attributed", "The founding decision does not name it; authors attribute it.", "Attributed by authors"


class SourceKind(Defined):
    UN_RESOLUTION = "un-resolution", "A resolution of the Security Council or the General Assembly.", "UN resolution"
    UN_REPORT = "un-report", "A report of the Secretary-General or of a body of the United Nations.", "UN report"
    UN_DOCUMENT = (
        "un-document",
        "Any other document of the United Nations: a letter, a statement, minutes, a budget.",
        "UN document",
    )
    TREATY = "treaty", "A treaty, a peace agreement or an agreement on the status of forces.", "Treaty or agreement"
    DOCTRINE = "doctrine", "Doctrine, policy or guidelines of those who run operations.", "Doctrine"
    DATASET = "dataset", "A dataset with one row for each thing that it counts.", "Dataset"
    BOOK = "book", "A book.", "Book"
    CHAPTER = "chapter", "A chapter of a book.", "Book chapter"
    ARTICLE = "article", "An article in a scholarly journal.", "Journal article"
    REPORT = "report", "A report by a commission, a court, a government or a non-governmental organization.", "Report"
    NEWS = "news", "A report in the press.", "News"
    WEB = "web", "A page of the organization that it is about.", "Web page of the organization"


class Vocabulary(Defined):
    MISSION_TYPE = "mission-type", "The kinds of operation, one for each mission.", "Mission type"
    MANDATE_TASK = "mandate-task", "The tasks that decisions give to missions.", "Mandate task"
    COUNTING_RULE = "counting-rule", "Published counts, by what they count.", "Counting rule"
    CONCEPT = "concept", "Words of the field.", "Concept"


class TaskGroup(Defined):
    FORCE = (
        "security-and-force",
        "Ceasefires, demilitarized areas, offensive operations and the use of force.",
        "Security and use of force",
    )
    ARMS = "arms-and-borders", "Arms embargoes, small arms, mines and borders.", "Arms, mines and borders"
    COMBATANTS = (
        "combatants",
        "Disarmament and demobilization of combatants, and their return to civilian life.",
        "Combatants and their return",
    )
    SECTOR = (
        "security-and-justice-sector",
        "Army, police, law, courts and prisons, and justice for past crimes.",
        "Security and justice sector",
    )
    RIGHTS = (
        "human-rights",
        "Human rights, the protection of civilians, and the rights of women and children.",
        "Human rights and protection",
    )
    GOVERNANCE = (
        "governance-and-elections",
        "State authority, democratic institutions, elections, parties, media and civil society.",
        "Governance and elections",
    )
    POLITICS = (
        "politics-and-reconciliation",
        "The peace process, power-sharing and reconciliation.",
        "Politics and reconciliation",
    )
    RECOVERY = (
        "relief-and-recovery",
        "Relief, refugees, health, the economy, natural resources and cultural heritage.",
        "Relief and recovery",
    )


# Schemes that terms are matched with: name in full, and slug of the source where there is one.
SCHEMES = {
    "PEMA": ("Peacekeeping Mandates dataset (PEMA)", "pema-2022"),
    "PACT 2.0": ("Peacekeeping Activities dataset (PACT 2.0)", ""),
}


class Measure(Defined):
    AUTHORIZED_MILITARY = (
        "authorized-military",
        "The most military personnel that the decision in force allows: a ceiling, not a count.",
        "Authorized military strength",
    )
    AUTHORIZED_POLICE = (
        "authorized-police",
        "The most police personnel that the decision in force allows.",
        "Authorized police strength",
    )
    AUTHORIZED_UNIFORMED = (
        "authorized-uniformed",
        "The most military and police personnel together that the decision in force allows.",
        "Authorized uniformed strength",
    )
    DEPLOYED_MILITARY = (
        "deployed-military",
        "Military personnel in the mission at the date; the note says who is among them.",
        "Deployed military strength",
    )
    DEPLOYED_POLICE = "deployed-police", "Police personnel in the mission at the date.", "Deployed police strength"
    DEPLOYED_UNIFORMED = (
        "deployed-uniformed",
        "Military and police personnel together in the mission at the date.",
        "Deployed uniformed strength",
    )
    FATALITIES = (
        "fatalities",
        "Deaths of personnel of the mission, civilian personnel among them. Not deaths of civilians in the country.",
        "Fatalities",
    )
    BUDGET = (
        "budget",
        "What the budget authority approved for the financial year, not what was spent.",
        "Approved budget",
    )


class Unit(Defined):
    PERSONS = "persons", "Each one is a person.", "persons"
    US_DOLLARS = "US dollars", "United States dollars of the time, not adjusted for prices.", "US dollars"


class Scope(Defined):
    ALL = "all", "Everyone that the measure counts; for fatalities, all causes together.", "All"
    MALICIOUS_ACT = "malicious-act", "Deaths by hostile acts.", "Malicious act"
    ACCIDENT = "accident", "Deaths by accidents.", "Accident"
    ILLNESS = "illness", "Deaths by illness.", "Illness"
    OTHER = "other", "Deaths by other causes, or whose cause was not determined.", "Other or to be determined"


class EventKind(Defined):
    ESTABLISHMENT = "establishment", "A decision that creates the operation.", "Established"
    MANDATE_CHANGE = "mandate-change", "A decision that changes what the operation is to do.", "Mandate changed"
    RENEWAL = "renewal", "A decision that prolongs the mandate.", "Mandate renewed"
    OPERATIONAL = "operational", "The operation begins its work, or reaches a stage of its deployment.", "Operational"
    TRANSITION = "transition", "Responsibility passes from or to another operation.", "Handover"
    CLOSURE = "closure", "The operation ends, or a decision ends it.", "Closed"
    DECISION = "decision", "Any other decision about the operation.", "Other decision"
    POLITICAL = "political", "Politics in the host country: an agreement, an election, a coup.", "Politics"
    VIOLENCE = "violence", "Fighting or attacks.", "Violence"
    DISASTER = "disaster", "A disaster, such as an earthquake or an epidemic.", "Disaster"
    ACCOUNTABILITY = (
        "accountability",
        "An inquiry, an apology or a judgement about what the operation did.",
        "Accountability",
    )
    CONTEXT = "context", "What one must know to understand the rest.", "Context"


MANDATE_DECISIONS = (
    EventKind.ESTABLISHMENT,
    EventKind.MANDATE_CHANGE,
    EventKind.RENEWAL,
    EventKind.TRANSITION,
    EventKind.CLOSURE,
    EventKind.DECISION,
)


class Modality(Defined):
    MONITOR = "monitor", "The mission is to watch and report.", "Monitor"
    ASSIST = "assist", "The mission is to help others do it.", "Assist"
    SECURE = "secure", "The mission is to provide security for it.", "Secure"


class TaskStrength(Defined):
    REQUESTED = "requested", "The decision requests, mandates, decides or authorizes it.", "Requested"
    ENCOURAGED = "encouraged", "The decision encourages or invites it.", "Encouraged"
    ALL_NECESSARY_MEANS = (
        "all-necessary-means",
        "The decision authorizes all necessary means for it, which includes force.",
        "With all necessary means",
    )


class Verdict(Defined):
    FAVOURABLE = "favourable", "The assessor judged that it did what the yardstick asks.", "Favourable"
    MIXED = "mixed", "The assessor judged that it did so in part.", "Mixed"
    CRITICAL = "critical", "The assessor judged that it did not.", "Critical"


class Stance(Defined):
    UPHELD = "upheld", "The principle was kept; a challenge was managed; a trend was borne out.", "Upheld"
    STRAINED = (
        "strained",
        "The principle was kept with difficulty; a challenge was felt; a trend was borne out in part.",
        "Strained",
    )
    BREACHED = (
        "breached",
        "The principle was not kept; a challenge overwhelmed the mission; the trend met a counter-example.",
        "Breached",
    )
    CONTESTED = "contested", "Those involved or those who study it disagree.", "Contested"


# A stance in words, by the kind of entry: a challenge is not upheld, it is managed.
STANCE_LABELS = {
    "principle": {s.value: s.label for s in Stance},
    "challenge": {"upheld": "Managed", "strained": "Felt", "breached": "Overwhelming", "contested": "Disputed"},
    "trend": {"upheld": "Borne out", "strained": "In part", "breached": "Counter-example", "contested": "Disputed"},
}


class SuccessionKind(Defined):
    FOLLOW_ON = "follow-on", "A new operation took over tasks of one that ended.", "Follow-on operation"
    RE_HATTING = "re-hatting", "The same troops went on under another flag.", "Re-hatting of the same troops"
    RENAMING = "renaming", "The operation went on under another name.", "Renamed"
    PARALLEL = "parallel", "Two operations stood side by side.", "Alongside"


class Dimension(Defined):
    CONSENT = "consent", "Whose agreement it needs.", "Consent"
    FORCE = "force", "What force it may use, and for what.", "Use of force"
    AIM = "aim", "What it is to bring about.", "Aim"
    PERSONNEL = "personnel", "Who serves in it.", "Personnel"
    LEGAL_BASIS = "legal-basis", "What its authority rests on.", "Legal basis"
    IMPARTIALITY = "impartiality", "How it stands to the parties.", "Impartiality"
    TIMING = "timing", "At which point of a conflict it is used.", "When it is used"
    COMMAND = "command", "Who directs and who commands it.", "Who commands"
    RISK = "risk", "What most often goes wrong.", "Characteristic risk"


class Audience(Defined):
    STUDENT = "student", "Someone new to the field.", "First-year student"
    STAFF_COLLEGE = "staff-college", "Someone who will plan or command.", "Staff-college course"
    JOURNALIST = "journalist", "Someone who must write today and be right.", "Journalist on deadline"


class LinkState(TextChoices):
    OK = "ok", "In order"
    UNSURE = "unsure", "Unsure"
    BROKEN = "broken", "Broken"


class ReportState(TextChoices):
    OPEN = "open", "Open"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    DUPLICATE = "duplicate", "Duplicate"
