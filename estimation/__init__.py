"""Time use and what changed it: minutes per case, saved hours, where to measure next, and attribution."""
