"""`shudian run`: from its answer to what a person is handed."""
