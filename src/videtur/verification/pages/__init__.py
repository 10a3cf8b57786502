"""The pages of the method on the side of the evidence: what is known, how well, and who checked it."""
