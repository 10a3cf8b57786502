"""What a person is told of a model's likeness."""


def likeness_reason(strength: float) -> str:
    """One line beside the reasons that motion gives."""
    return f"a model finds the pictures alike: {strength:.2f} above what any two reach; it decides nothing"
