import { DocumentProblem } from '../document/document-problem.js';
import { type JsonObject, own } from '../document/json-object.js';
import { sha256 } from '../gtypes/canonical-gtype.js';

/**
 * Refuses a bundle that is not what was generated. The framework makes the checksum from the text of
 * `JSON.stringify` without spaces, of everything but the checksum itself, in the order in which it stands there.
 */
export function assertChecksum(bundle: JsonObject): void {
  const { checksum: _, ...content } = bundle;
  const expected = `sha256:${sha256(JSON.stringify(content))}`;
  if (own(bundle, 'checksum') === expected) return;
  throw new DocumentProblem(
    'checksum',
    'the bundle is not what was generated: its checksum does not match',
    'Get the file again, or generate the bundle again; a bundle is not edited.',
  );
}
