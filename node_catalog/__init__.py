"""The node types that come with Cartwheel, one folder each."""
