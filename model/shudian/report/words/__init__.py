"""What answers come to in words, each thing told in one place."""
