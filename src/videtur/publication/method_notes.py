"""What every report says of its own making. It asserts nothing about the case, and is the same for all."""

METHOD = (
    """Each statement below ends with its evidence: the entries of the ledger that record it and, where it is
    about a film, the item and the time in it. A sentence without evidence is not printed.""",
    """Times in films are given as presentation time stamps (pts) with their time base, as stored in the file;
    the clock time beside them is for reading.""",
    """What a person observed is printed in that person's words, with the level of certainty at which it was
    recorded. The levels are, from the weakest: H0 alleged, H1 appears, H2 is consistent with, H3 likely,
    H4 established, H5 reasonable grounds to believe, H6 adjudicated. Nothing here is raised above the level
    at which it was recorded.""",
    """Copies, clips and other versions of one footage are one source, however often it was posted.""",
)
BOTH_SIDES = (
    """The same steps, vocabulary, levels and sentence patterns are used for material about, and from, every
    party. Parties stand in alphabetical order of their codes. Exchanging the names of two parties would
    change nothing in this report but the names.""",
    """Equal method does not mean equal access: what could be collected about each party differs, and the
    number of items says nothing about the number of events.""",
)
LEADS = (
    """Machines give leads, people make findings. What software proposed is only counted here; none of it is
    a finding, and none of it may be cited until a person has accepted it at a time in the film.""",
)
HELD_BACK = (
    """Names of sources, notes on how items were obtained, and the identities of the people who worked on the
    case are not printed. They are in the record, under the entries named.""",
    """No picture or sound of the material is in this report.""",
)
