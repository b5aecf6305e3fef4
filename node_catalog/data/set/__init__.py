"""Works out values for later steps."""
