"""What was observed, with its vintages, and what follows from it. Only here is SQL known."""
