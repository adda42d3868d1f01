"""From a suspect to its source: candidates found in an archive, compared, the best one and its direction told."""
