"""The kit of a workshop: role cards, rounds to fill in, the facilitator's script, slides and a closing form."""
