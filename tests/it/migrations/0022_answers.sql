UPDATE messages SET facts = '[]', verification = NULL;
