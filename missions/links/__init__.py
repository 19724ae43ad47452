"""Whether the addresses outside that the content leads to still answer.

“Unsure” comes before “broken”: a refusal, an overload or a slow answer proves nothing, and an address at which nothing
is found is believed only when that is so a day later too.
"""

from .guard import is_public
from .places import places
from .records import OfflineError, check_links, due, record
from .visitor import Answer, Visitor

__all__ = ["Answer", "OfflineError", "Visitor", "check_links", "due", "is_public", "places", "record"]
