"""The method as computation: the entities of a case, derived statuses, gates, forbidden states."""
