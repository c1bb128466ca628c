"""What if: one school's landed rows with a change in them, through the models of the published build.

`chain` says which models that are, `store` lays out beside the marts what a scenario needs, `change` is what
can be asked, and `school` computes it. No arithmetic of coverage stands here.
"""
