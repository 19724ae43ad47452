"""Write the edition without most pages of sources, quizzes and charts, of which many are made alike.

`python -m tests.some_of_it OUT ADDRESS`: links to what is left out lead to the site, as to all that is not in it.
"""

import re
import sys

import django

MANY = re.compile(
    r"^/sources/(?!s-res-18|s-res-124|un-)[^/]+/|^/teaching/quiz/[^/]+/(?!unficyp)|^/missions/(?!unficyp).*/charts/"
)

if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    from missions.offline import places

    whole, seeds = places.belongs, places.seeds
    places.belongs = lambda path, pairs: not MANY.search(path) and whole(path, pairs)
    places.seeds = lambda: (address for address in seeds() if not MANY.search(address.partition("?")[0]))
    call_command("make_offline", sys.argv[1], "--address", sys.argv[2])
