"""How we learn it: fetch, keep the bytes, parse, validate, load."""
