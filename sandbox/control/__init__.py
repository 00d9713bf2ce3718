"""The control door, `/_sandbox/*`: what tests do with the sandbox beside the API, in JSON. No token is asked for."""
