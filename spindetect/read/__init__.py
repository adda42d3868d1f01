"""Reading: from a file, standard input or a string to an ``Article`` with its boilerplate and markup marked."""
