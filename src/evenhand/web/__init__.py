"""The site: settings, and every page that crosses rooms."""
