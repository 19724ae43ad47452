from missions import un_data
from missions.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Compare the UN's DPPADPOSS-PKO file with the missions held; write new values only with --apply."
    compare = staticmethod(un_data.compare_missions)
    write = staticmethod(un_data.apply_missions)
