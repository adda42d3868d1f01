"""The tests compute in one thread: small matrices are slower in more, and other tests run side by side."""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
