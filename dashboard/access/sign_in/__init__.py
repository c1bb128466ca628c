"""Sign-in by OpenID Connect: authorization code with PKCE at the county's own provider.

`config` and `mapping` are what an operator writes, `provider` and `tokens` talk to the provider, `store`
keeps sessions, `sessions` opens, renews and ends them, `gate` demands one of every request, `routes` and
`pages` are what a person meets.
"""
