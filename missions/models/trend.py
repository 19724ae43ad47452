from .base import rights
from .topic import Topic


class Trend(Topic):
    """What is changing in peace operations."""

    url_segment = "trends"
    detail_fields = ("evidence", *Topic.detail_fields)
    filter_fields = {"mission": "evidence__mission"}

    class Meta(Topic.Meta):
        permissions = rights("trend", "trends")
