"""How two words or phrases are related, wherever they stand. Which ones are linked is decided in `align.words`.

`same_word` tells those of one word by their letters, compounds written apart among them; `one_thing` those that
lists and abbreviations make one; `lexicon` has the substitutions that were learnt, and how related words are;
`costs` says how much a link gains.
"""
