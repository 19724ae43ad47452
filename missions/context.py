from .citations import SITE_NAME
from .models import KINDS


def site(request):
    """Give every template the name of the site and the kinds in its menu."""
    return {"site_name": SITE_NAME, "kinds": KINDS}
