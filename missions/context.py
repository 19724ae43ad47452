from django.utils.translation import gettext

from .citations import SITE_NAME
from .languages import bare, current, is_source
from .middleware import THEMES
from .models import KINDS


def site(request):
    """Give every template the name of the site, its menu, the themes, and the language of the page.

    `english` stands before an address of data relative to the page: in other languages that of the English page.
    """
    language, direction = current()
    return {
        "site_name": gettext(SITE_NAME),
        "kinds": KINDS,
        "themes": THEMES,
        "language": language,
        "direction": direction,
        "is_english": is_source(),
        "path": bare(request.path),
        "english": "" if is_source() else bare(request.path),
    }
