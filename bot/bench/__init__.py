"""Side-by-side figures: each way of doing the job in a process of its own, round by round in turn.

Figures are ratios within one run on one machine; absolute times do not travel.
"""
