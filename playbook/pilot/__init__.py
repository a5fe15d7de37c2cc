"""The pilot: team, zone with a control group, sealed charter, board, results, verdict."""
