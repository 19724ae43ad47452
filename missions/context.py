from .citations import SITE_NAME
from .middleware import THEMES
from .models import KINDS


def site(request):
    """Give every template the name of the site, the kinds in its menu and the themes to choose from."""
    return {"site_name": SITE_NAME, "kinds": KINDS, "themes": THEMES}
