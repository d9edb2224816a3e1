"""How each contender is measured."""
