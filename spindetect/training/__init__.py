"""The needs of `spindetect train` and `evaluate`: corpora, simulated spinners, fitting and measuring."""
