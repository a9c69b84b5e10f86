"""shudian sweep: what outcomes come to all over a space of levers and assumptions."""
