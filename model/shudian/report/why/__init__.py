"""shudian why: which feedback loops drove an outcome, in numbers, sentences, a table and figures."""
