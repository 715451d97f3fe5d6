"""Each speed claim, beside what a user would otherwise pick: same machine, same run. Started by make bench."""
