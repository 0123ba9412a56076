"""The full counts behind the promises: `make proof` runs them and writes PROOF.md."""
