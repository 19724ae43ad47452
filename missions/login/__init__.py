"""Who gets into the admin: the password, the second factor, and for how long."""
