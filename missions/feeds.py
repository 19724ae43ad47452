"""What was published and changed, for those who follow the site with a reader of feeds."""

from django.contrib.syndication.views import Feed
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed

from . import reading
from .citations import SITE_NAME


class ChangesFeed(Feed):
    feed_type = Atom1Feed
    title = f"{SITE_NAME}: what is new and what changed"
    subtitle = "Entries when they are first published, and every later change of which readers are told."
    author_name = SITE_NAME
    feed_copyright = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
    language = "en"
    link = reverse_lazy("home")

    def items(self):
        return reading.news()

    def item_guid(self, item):
        return item.id

    def item_title(self, item):
        return item.title

    def item_description(self, item):
        return item.text

    def item_link(self, item):
        return item.entry.get_absolute_url()

    def item_pubdate(self, item):
        return item.entry.published_at

    def item_updateddate(self, item):
        return item.published_at

    def item_categories(self, item):
        return [item.entry._meta.verbose_name]
