"""Finding customers, cases, messages and files by their words, in Chinese as in English, on either database."""
