"""Works out values."""
