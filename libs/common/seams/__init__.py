"""What one service says to another, by the service that says it: the documents that its RPC answers with.

A document is a TypedDict in the form that it has in JSON: moments, days, ids and pounds are text, as
`libs.common.rpc.wire` writes them; a tuple stands for a list of fixed length. Whoever answers builds it, whoever asks reads it, and mypy sees both ends.
"""
