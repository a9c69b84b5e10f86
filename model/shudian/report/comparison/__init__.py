"""The comparison of packages as a person sees it: sentences, tables, figures, folder."""
