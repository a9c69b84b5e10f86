"""Questions as functions: what is asked goes in as words, what comes out are numbers that can be asked on."""
