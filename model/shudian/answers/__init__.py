"""Questions as functions: what is asked goes in as words, and numbers come out; nothing here is told in words."""
