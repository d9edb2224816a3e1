"""From the corrected document to the effective one: rules, the layout, the words."""
