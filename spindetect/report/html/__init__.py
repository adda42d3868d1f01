"""The HTML report: one file that shows a comparison to people and holds all that is needed to check it.

    comparison --views--> Result --templates--> one self-contained page

The modules beside `page` make plain data of a comparison, with every string from an article
already inert; the templates only lay it out, with autoescape.
"""
