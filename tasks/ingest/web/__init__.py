"""Feeds, sitemaps, pages and files by their address: fetched politely, and from public machines only."""
