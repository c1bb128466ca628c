"""Bad input: hundreds of spoiled deliveries in every format, and what must become of each.

Nothing here is a file checked in: each case takes a small good delivery and spoils it one way.
`python -m tests.corpus` ingests them all and prints format × mutation → outcome.
"""
