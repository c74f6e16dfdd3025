# Manual pages and completions are made by the program itself from its option tables.
