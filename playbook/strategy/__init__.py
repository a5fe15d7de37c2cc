"""Strategy: why, goals, initiatives, plan, business case, the value of testing first."""
