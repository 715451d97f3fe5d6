"""The only opener of tables, engines and published files; nothing about a person passes this door."""
