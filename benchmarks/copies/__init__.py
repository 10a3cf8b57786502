"""The benchmark of copies: queries with a known truth, figures, peers beside."""
