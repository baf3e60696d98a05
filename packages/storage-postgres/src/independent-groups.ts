import type { RecordKind } from '@gati-framework/manifest-store';
import type { KeyTuple } from '@gati-framework/manifest-store/backend';
import type { EncodedCommit } from '@gati-framework/storage-kit';

/**
 * Cuts a list of commits into runs that the database can check and apply all
 * at once: within a run, no commit expects or decides by its expectations
 * anything about a record that another one of the run changes.
 */
export function independentGroups(commits: readonly EncodedCommit[]): EncodedCommit[][] {
  const groups: EncodedCommit[][] = [];
  let current = new Group();
  for (const commit of commits) {
    if (!current.accepts(commit)) {
      groups.push(current.commits);
      current = new Group();
    }
    current.add(commit);
  }
  groups.push(current.commits);
  return groups;
}

class Group {
  readonly commits: EncodedCommit[] = [];
  readonly #changed = new Set<string>();
  /** Records that commits with expectations speak of. */
  readonly #guarded = new Set<string>();
  #isCleared = false;

  accepts({ changes, expect }: EncodedCommit): boolean {
    const isGuarded = expect.length > 0;
    const hasClear = changes.some(({ op }) => op === 'clear');
    if (hasClear && (isGuarded ? this.commits.length > 0 : this.#guarded.size > 0)) return false;
    if (isGuarded && this.#isCleared) return false;
    if (isGuarded && expect.some((expectation) => this.#isTouched(nameOf(expectation)))) return false;
    return changes.every((change) => {
      if (change.op === 'clear') return true;
      const name = nameOf(change);
      return isGuarded ? !this.#isTouched(name) : !this.#guarded.has(name);
    });
  }

  add(commit: EncodedCommit): void {
    this.commits.push(commit);
    const isGuarded = commit.expect.length > 0;
    for (const expectation of commit.expect) this.#guarded.add(nameOf(expectation));
    for (const change of commit.changes) {
      if (change.op === 'clear') this.#isCleared = true;
      else (isGuarded ? this.#guarded : this.#changed).add(nameOf(change));
    }
  }

  #isTouched(name: string): boolean {
    return this.#changed.has(name) || this.#guarded.has(name);
  }
}

/** Keys cannot contain NUL. */
function nameOf({ kind, key }: { readonly kind: RecordKind; readonly key: KeyTuple }): string {
  return `${kind}\0${key.join('\0')}`;
}
