"""NTU RGB+D: skeleton files, protocols, people."""
