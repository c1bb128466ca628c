"""The attack on the suppression of a published county: `TIMERETT_HOME=… python -m bench.attack COUNTY`.

Visits every page that links and choices lead to as the county's director, and prints for each table how many
small figures there are, the narrowest interval the attacker finds for one, and how many are told.
"""

import sys
import time
from collections import defaultdict

from dashboard.access.roles import Role, Viewer
from dashboard.app import create
from tests.attack.knowledge import learn
from tests.attack.linear import Bound, attack, small_counts, small_sums
from tests.attack.listening import listening, signed_in, walk
from tests.attack.relations import relate

THRESHOLD = 10


def main(county: str) -> None:
    server = create().server
    began = time.process_time()
    with listening() as heard, signed_in(Viewer(Role.DIRECTOR, "attacker", county)):
        pages = walk(server)
    known = learn(one for one in heard if one.viewer.subject == "attacker")
    relate(known)
    place = {school: county for _, school, _ in known.true}
    print(f"{len(pages)} pages, {len(known.true)} figures, {len(known.equations)} equations")
    for kind, targets in (
        ("counts", small_counts(known, THRESHOLD, place)),
        ("sums", small_sums(known, THRESHOLD)),
    ):
        of_table: dict[str, list[Bound]] = defaultdict(list)
        for bound in attack(known, targets, exactly=True):
            of_table[bound.what.partition("table=")[2].split()[0]].append(bound)
        for table, bounds in sorted(of_table.items()):
            narrowest = min(bound.high - bound.low for bound in bounds)
            told, narrow = sum(b.is_told for b in bounds), sum(not b.is_kept for b in bounds)
            print(f"{kind:7} {table:26} {len(bounds):6} {narrowest:10.0f} {told:5} {narrow:5}")
    print(f"{time.process_time() - began:.0f} seconds of CPU")


if __name__ == "__main__":
    main(sys.argv[1])
