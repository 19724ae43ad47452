from missions import un_data
from missions.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Compare the UN's DPPADPOSS-FATALITIES file with the figures held; write them only with --apply."
    compare = staticmethod(un_data.compare_fatalities)
    write = staticmethod(un_data.apply_fatalities)
