"""What exists: the catalogue as reviewed files, and the settings of one installation."""
