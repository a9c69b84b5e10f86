"""How a design is told: words, table, figure, folder."""
