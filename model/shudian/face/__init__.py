"""What `import shudian` offers: the answers of `shudian.answers` as frames, sentences and cells of a notebook."""
