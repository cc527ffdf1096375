"""The grammar of figures: from text to drafts of figures, stage by stage (see `extract`)."""
