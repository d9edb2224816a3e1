"""What changed for callers between two generated clients."""
