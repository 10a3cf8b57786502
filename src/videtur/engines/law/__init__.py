"""The law as data: provisions, what each still needs, and how far each row was checked."""
