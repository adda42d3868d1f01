"""From links to substitutions: their phrases, kinds and reasons. Links are made in `spindetect.align.words` only.

`phrases` cuts them as a reader would, `rewording` finds gaps that were reworded as a whole, `conversions`
quantities in another form (with `quantities`, `numerals`, `units`). `rules` decides the kind and gives the reason;
`substitutions` puts all together. Which are tell-tales is a matter of their kind: `spindetect.kinds`.
"""
