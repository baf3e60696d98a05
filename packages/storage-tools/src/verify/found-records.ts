import type { Entry, RecordKind } from '@gati-framework/manifest-store';
import { describeKey, type KeyTuple, keyTuple } from '@gati-framework/manifest-store/backend';
import type { StoreProblem } from './problem.js';
import { type Reference, referencesOf } from './references.js';

/** What was read so far: which records there are, and what they refer to. */
export class FoundRecords {
  readonly #names = new Set<string>();
  readonly #hashes = new Map<string, string>();
  readonly #references: Reference[] = [];

  /** A record whose content could not be read is there all the same. */
  addName(kind: RecordKind, key: KeyTuple): void {
    this.#names.add(nameOf({ kind, key }));
  }

  add(entry: Entry): void {
    const key = keyTuple(entry.kind, entry.key);
    this.addName(entry.kind, key);
    if (entry.kind === 'manifest') this.#hashes.set(nameOf({ kind: 'manifest', key }), entry.value.hash);
    if (entry.kind === 'hookManifest') {
      for (const { id } of entry.value.hooks) this.#names.add(nameOf({ kind: 'hook', key: [id] }));
    }
    this.#references.push(...referencesOf(entry));
  }

  /** To be asked when everything was read: what a record refers to may come after it. */
  *brokenReferences(): Generator<StoreProblem> {
    for (const reference of this.#references) {
      const name = nameOf(reference.to);
      if (!this.#names.has(name) && !isOfTheRuntime(reference.to)) yield missing(reference);
      const hash = this.#hashes.get(name);
      if (reference.hash !== undefined && hash !== undefined && hash !== reference.hash) {
        yield otherHash(reference, hash);
      }
    }
  }
}

/** A version that the runtime has named, and which needs no manifest. */
function isOfTheRuntime({ kind, key }: Reference['to']): boolean {
  return kind === 'manifest' && /^tsv:\d+-.+-\d+$/.test(key[1] ?? '');
}

function nameOf({ kind, key }: Reference['to']): string {
  return JSON.stringify([kind, ...key]);
}

function missing({ from, path, to }: Reference): StoreProblem {
  const target = to.kind === 'hook' ? `hook ${to.key.join()}` : describeKey(to.kind, to.key);
  return {
    ...from,
    code: 'missing',
    path,
    message:
      `${describeKey(from.kind, from.key)} names ${target} at ${path}, which is not stored. ` +
      `Store it, or store the ${from.kind} without it.`,
  };
}

function otherHash({ from, path, to: { key }, hash }: Reference, found: string): StoreProblem {
  return {
    ...from,
    code: 'disagreement',
    path: path.replace(/version$/, 'manifestHash'),
    message:
      `${describeKey(from.kind, from.key)} says that ${describeKey('manifest', key)} has the hash ${hash}, ` +
      `and it has ${found}. Deploy that version again: one of the two is of another deployment.`,
  };
}
