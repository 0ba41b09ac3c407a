"""The floor: what a bare Django costs on the same server, under the same web server."""
