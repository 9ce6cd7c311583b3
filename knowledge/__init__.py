"""What an office has disclosed, and how questions find it."""

import os

# One question is answered at a time, beside others: more threads for numpy only take each other's cores, and
# on a busy machine they wait for each other (an index is built five times as fast with one).  The libraries
# below numpy read this once, when it is imported, so this stands before everything.
for _setting in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_setting, "1")
