import type { LogEntry, Revision } from '@gati-framework/manifest-store';
import type { RecordDifference } from '@gati-framework/storage-tools/diff';
import type { Terminal } from '../terminal.js';
import { cutTo } from './display-width.js';
import { commitForPrograms } from './format-commit.js';
import { formatLocalTime } from './format-local-time.js';
import {
  type DifferenceOptions,
  differenceAsJson,
  formatRecordDifference,
} from './format-record-difference.js';
import { asJson } from './json.js';
import { print } from './print.js';
import { printable } from './printable.js';
import { plural } from './words.js';

type Told = Pick<RecordDifference, 'change' | 'kind' | 'key' | 'fields'>;
type Out = Pick<Terminal, 'write'>;

interface Outcome {
  readonly dryRun: boolean;
  /** Of the commit that took it back; `null`: there was none. */
  readonly revision: Revision | null;
  /** Whether there was nothing to do. */
  readonly isSame: boolean;
}

interface Range {
  readonly from: Revision;
  readonly to: Revision;
}

/** A rollback, told as it is found: it may be more than memory holds. */
export interface RollbackReport {
  /** Whether a record differs, of those that were told. */
  readonly differ: boolean;
  /** @param commits The newest of those that are taken back. */
  commits(commits: readonly LogEntry[], all: number): Promise<void>;
  record(difference: Told): Promise<void>;
  end(outcome: Outcome, range: Range): Promise<void>;
}

class Counts {
  readonly #counts: Record<Told['change'], number> = { added: 0, removed: 0, changed: 0 };

  count({ change }: Told): void {
    this.#counts[change] += 1;
  }

  get all(): Readonly<Record<Told['change'], number>> {
    return this.#counts;
  }

  get differ(): boolean {
    return Object.values(this.#counts).some((count) => count > 0);
  }
}

export class RollbackAsText implements RollbackReport {
  readonly #out: Out;
  readonly #options: DifferenceOptions;
  readonly #counts = new Counts();

  constructor(out: Out, options: DifferenceOptions) {
    this.#out = out;
    this.#options = options;
  }

  get differ(): boolean {
    return this.#counts.differ;
  }

  async commits(commits: readonly LogEntry[], all: number): Promise<void> {
    if (all === 0) return;
    const more = all > commits.length ? [`  and ${plural(all - commits.length, 'commit')} before`] : [];
    const lines = commits.map((commit) => this.#commitLine(commit));
    await print(this.#out, [`Takes back ${plural(all, 'commit')}`, ...lines, ...more, ''].join('\n'));
  }

  async record(difference: Told): Promise<void> {
    this.#counts.count(difference);
    await print(this.#out, formatRecordDifference(difference, this.#options));
  }

  async end({ dryRun, revision, isSame }: Outcome, { from, to }: Range): Promise<void> {
    const { added, removed, changed } = this.#counts.all;
    const what = this.differ
      ? `${added} added, ${removed} removed, ${changed} changed`
      : 'the order of records';
    const outcome = isSame
      ? `Nothing to roll back: ${from === to ? `the store is at revision ${to}` : `the store, at revision ${from}, is what it was at revision ${to}`}`
      : dryRun
        ? `Would roll back from revision ${from} to ${to}: ${what}; --yes does it`
        : `Rolled back to revision ${to} as revision ${revision}: ${what}`;
    await print(this.#out, this.differ ? `\n${outcome}` : outcome);
  }

  #commitLine({ revision, committedAt, note }: LogEntry): string {
    const { width } = this.#options;
    const parts = [
      `  revision ${revision}`,
      formatLocalTime(committedAt),
      ...(note === undefined ? [] : [note]),
    ];
    const text = printable(parts.join('  '));
    return width === undefined ? text : cutTo(width, text);
  }
}

/** One document, whose parts are valid together only. */
export class RollbackAsJson implements RollbackReport {
  readonly #out: Out;
  readonly #counts = new Counts();
  #commits: readonly LogEntry[] = [];

  constructor(out: Out) {
    this.#out = out;
  }

  get differ(): boolean {
    return this.#counts.differ;
  }

  async commits(commits: readonly LogEntry[]): Promise<void> {
    this.#commits = commits;
  }

  async record(difference: Told): Promise<void> {
    const begin = this.differ ? ',' : '{"differences": [';
    this.#counts.count(difference);
    await print(this.#out, `${begin}${asJson(differenceAsJson(difference))}`);
  }

  async end({ dryRun, revision }: Outcome, { from, to }: Range): Promise<void> {
    const begin = this.differ ? '' : '{"differences": [';
    const commits = this.#commits.map(commitForPrograms);
    const rest = asJson({ ...this.#counts.all, commits, from, to, dryRun, revision }).slice(1);
    await print(this.#out, `${begin}],${rest}`);
  }
}
