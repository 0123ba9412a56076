"""The platforms that photos come from and answers go to."""
