"""Pages as a browser makes them, for sites whose text only scripts bring (extra ``browser``)."""
