"""Many runs on the same draws: who wins, at what cost, how surely."""
