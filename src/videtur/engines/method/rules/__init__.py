"""The forbidden states (F01..F34) and invariants (I1..I12) of the domain model, sections 14 and 15."""
