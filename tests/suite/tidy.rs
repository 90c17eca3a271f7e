//! What no compiler checks: the table of rules against their files, and the shape of the source.
