"""`make audit`: the most important pages as Lighthouse sees them, and what they weigh against their budgets."""
