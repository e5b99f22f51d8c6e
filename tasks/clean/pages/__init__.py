"""Pages in HTML to text, and to what their markup declares."""
