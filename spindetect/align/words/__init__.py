"""Which words of two sentences are linked. `align.lexical` knows how two words are related by themselves.

`anchors` has the equal words that hold the rest; `gaps` cuts the words between two of them into phrases that
replaced each other, where `judged` asks a network (`odds`, from what `cells` says of two words) if the sentence was
written anew; `moved` has words that changed their place. `alignment` is the way through, `strands` has the nouns.
Where the phrases of a substitution begin and end, and its kind, are decided in `spindetect.classify`.
"""
