// The grammar of a language, fetched when a program in it is first shown.
import { LanguageSupport, indentUnit } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import type { Language } from '../api/types';

const FETCH: Record<Language, () => Promise<LanguageSupport>> = {
  python: async () => (await import('@codemirror/lang-python')).python(),
  javascript: async () => (await import('@codemirror/lang-javascript')).javascript(),
  typescript: async () => (await import('@codemirror/lang-javascript')).javascript({ typescript: true }),
  go: async () => (await import('@codemirror/lang-go')).go(),
  rust: async () => (await import('@codemirror/lang-rust')).rust(),
};

/** One step of indentation, as the language's own formatter has it. */
const UNIT: Record<Language, string> = { python: '    ', javascript: '  ', typescript: '  ', go: '\t', rust: '    ' };

export function grammar(language: Language): Promise<LanguageSupport> {
  return FETCH[language]();
}

/** Colours and indentation; without the grammar, should it not come, only the latter. */
export async function support(language: Language): Promise<Extension> {
  const unit = indentUnit.of(UNIT[language]);
  return grammar(language).then((found) => [found, unit], () => unit);
}
