"""What a mail is: headers, subject, body blocks, trailers, citations, patch. Pure."""
