"""The pages of accountability: what was said, called for, promised and asked, and what came of it."""
