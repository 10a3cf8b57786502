"""Forms for entities of the method, made from the entities themselves."""
