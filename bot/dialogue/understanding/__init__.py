"""What people mean: intents by rule, acts by meaning, and the files that say so."""
