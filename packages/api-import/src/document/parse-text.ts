import { assertNoJsonComments } from './assert-no-json-comments.js';
import { assertUniqueJsonKeys } from './assert-unique-json-keys.js';
import { DocumentProblem } from './document-problem.js';
import { parseYaml } from './parse-yaml.js';

/** JSON or YAML text as plain data, not yet checked for what it holds. */
export function parseText(text: string): unknown {
  if (text.trim() === '') {
    throw new DocumentProblem('', 'the document is empty', 'Give a file with an OpenAPI document.');
  }
  const json = tryJson(text);
  if (json === undefined) {
    assertNoJsonComments(text);
    return parseYaml(text);
  }
  assertUniqueJsonKeys(text);
  return json.value;
}

/** JSON is YAML too, so what is not JSON is left to the YAML parser, whose errors name line and column. */
function tryJson(text: string): { value: unknown } | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
