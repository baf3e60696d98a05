import { decideOptions, invalidOption, type OptionRule } from '@gati-framework/manifest-store/backend';
import type { DocumentSource } from './document-source.js';

/** Text, or nothing. */
export const textRule: OptionRule<string | undefined> = (value, path) => {
  if (value === undefined || typeof value === 'string') return value;
  throw invalidOption(path, 'must be a string');
};

/** A source that is one. What else is in it is refused, above all an option of the import that would not be heard. */
export function checkSource(given: DocumentSource): DocumentSource {
  const rules = { file: textRule, text: textRule, name: textRule, folder: textRule };
  const { file, text, name, folder } = decideOptions(given, rules, {}, 'source');
  if (file !== undefined && text === undefined) return { file };
  if (file !== undefined || text === undefined) {
    throw invalidOption('source', 'must be { file }, or { text, name, folder } without a file');
  }
  return { text, ...(name !== undefined && { name }), ...(folder !== undefined && { folder }) };
}
