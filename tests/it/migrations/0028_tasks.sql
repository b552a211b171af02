UPDATE messages SET task = '{"kind": "summary", "documents": []}';
