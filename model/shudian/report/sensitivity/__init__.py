"""The sensitivity of outcomes and of the choice: worked out, told in sentences and tables, drawn, written."""
