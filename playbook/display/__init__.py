"""How results look: one theme, tables, charts, key figures, sliders."""
