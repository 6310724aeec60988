//! What leaves Spar to be printed or opened elsewhere: PDF, Markdown, Anki packages, calendars. Bytes in memory; writes no file.
