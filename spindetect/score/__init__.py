"""From aligned texts to features, from features to relations and a score."""
