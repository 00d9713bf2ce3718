"""eSignature REST v2.1: addresses and JSON in and out. Rules live in the modules beside this package."""
