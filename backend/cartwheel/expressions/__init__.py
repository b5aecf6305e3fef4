"""What merchants write: texts with variables and trees of conditions. Pure, compiled once."""
