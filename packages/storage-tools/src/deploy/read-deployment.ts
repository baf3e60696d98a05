import { type PutChange, type RecordKind, StorageError } from '@gati-framework/manifest-store';
import { describeKey, preparePut, RECORD_KIND_NAMES } from '@gati-framework/manifest-store/backend';
import { shapeFaults } from '../verify/record-shapes.js';
import { badBundle } from './bundle-error.js';
import { DEPLOYMENT_FORMAT, DEPLOYMENT_VERSION, LIST_NAMES } from './deployment-format.js';

const CORRECT = 'Correct it.';

/** The records of a document in the format of {@link DEPLOYMENT_FORMAT}, kind by kind. */
export function readDeployment(document: Readonly<Record<string, unknown>>, file: string): PutChange[] {
  const { version } = document;
  if (version !== DEPLOYMENT_VERSION) {
    const problem = `it has format version ${JSON.stringify(version)}, and ${DEPLOYMENT_VERSION} is the newest that is read`;
    throw badBundle(file, 'version', problem, 'Update @gati-framework/storage-tools, or correct it.');
  }
  assertKnown(document, file);
  const places = new Map<string, string>();
  return RECORD_KIND_NAMES.flatMap((kind) => {
    const name = LIST_NAMES[kind];
    const list: unknown = document[name] ?? [];
    if (!Array.isArray(list)) throw badBundle(file, name, `${name} must be a list`, CORRECT);
    return list.map((value: unknown, i) => readRecord(kind, value, { file, place: `${name}[${i}]` }, places));
  });
}

function assertKnown(document: object, file: string): void {
  const known = ['format', 'version', ...Object.values(LIST_NAMES)];
  const unknown = Object.keys(document).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw badBundle(file, unknown, `there is no ${JSON.stringify(unknown)}`, `Use ${known.join(', ')}.`);
}

interface Site {
  readonly file: string;
  readonly place: string;
}

function readRecord(kind: RecordKind, value: unknown, site: Site, places: Map<string, string>): PutChange {
  const { file, place } = site;
  const [fault] = shapeFaults(kind, value);
  if (fault !== undefined) {
    const at = [place, fault.path].filter(Boolean).join('.').replace('.[', '[');
    throw badBundle(file, at, `this is not what a ${kind} should be: ${fault.fault}`, CORRECT);
  }
  const { key, value: record } = prepare(kind, value, site);
  const name = describeKey(kind, key);
  const earlier = places.get(name);
  if (earlier !== undefined)
    throw badBundle(file, place, `${name} is also at ${earlier}`, 'Keep one of them.');
  places.set(name, place);
  return { put: kind, value: record } as PutChange; // kind and value are of one record
}

/** By the rules of what may be stored, so that a bad record is refused here with its place. */
function prepare(kind: RecordKind, value: unknown, { file, place }: Site): ReturnType<typeof preparePut> {
  try {
    return preparePut(kind, value as never, undefined, place);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const problem = error.message.replace(/\.$/, '');
    throw badBundle(file, error.path ?? place, `it cannot be stored: ${problem}`, CORRECT, error);
  }
}
