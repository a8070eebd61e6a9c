"""What commands print with `--json`: one shape for each command, of which `hybrid schema --output` tells."""
