"""What `spindetect train` and `evaluate` need: corpora, simulated spinners, fitting and measuring."""
