import type { RecordKind, Revision, StorageError } from '@gati-framework/manifest-store';
import {
  conflict,
  type KeyTuple,
  movedOn,
  RECORD_KIND_NAMES,
  TimeSlice,
  timers,
} from '@gati-framework/manifest-store/backend';
import type { CommitOutcome, EncodedPut } from '@gati-framework/storage-kit';
import type { Head } from '../store/ends.js';
import { nameOfText } from '../store/keys.js';
import type { LogChange, LogCommit, LogGroup } from '../store/log.js';
import type { RecordIndex } from '../store/record-index.js';
import { nameOfKey, type Row } from '../store/row.js';
import type { PlannedChange, PlannedCommit, WrittenPut } from './planned-commit.js';
import { type NamedText, piecesOf } from './puts.js';

/** A text that is still to be written. */
export interface PlannedText extends NamedText {
  /** It belongs to a commit that is refused, as far as is known. */
  readonly isRefused: boolean;
}

/** What a group of commits makes of the store, if nobody has committed meanwhile. */
export interface Plan {
  readonly outcomes: readonly CommitOutcome[];
  readonly head: Head;
  /** The commits that change something; none: there is nothing to write. */
  readonly commits: readonly LogCommit[];
  readonly group: LogGroup;
  readonly texts: readonly PlannedText[];
  /** Numbers of texts that belong to refused commits, as ranges: from one and before another. */
  readonly refused: readonly (readonly [from: number, before: number])[];
}

/** Records as the commits before have left them; null: there is none. */
class Overlay {
  readonly #index: RecordIndex;
  #touched = new Map<string, Row | null>();
  #isCleared = false;

  constructor(index: RecordIndex) {
    this.#index = index;
  }

  get(kind: RecordKind, key: KeyTuple): Row | undefined {
    const touched = this.#touched.get(nameOf(kind, key));
    if (touched !== undefined) return touched ?? undefined;
    return this.#isCleared ? undefined : this.#index.get(kind, key);
  }

  set(kind: RecordKind, key: KeyTuple, row: Row | null): void {
    this.#touched.set(nameOf(kind, key), row);
  }

  /** All that was there, which is nothing then. */
  async clear(): Promise<Row[]> {
    const slice = new TimeSlice();
    const rows: Row[] = [];
    for (const row of this.#rows()) {
      if (slice.isOver) await slice.next();
      rows.push(row);
    }
    this.#touched = new Map();
    this.#isCleared = true;
    return rows;
  }

  *#rows(): Generator<Row> {
    for (const row of this.#touched.values()) if (row !== null) yield row;
    if (this.#isCleared) return;
    for (const kind of RECORD_KIND_NAMES) {
      for (const row of this.#index.rows(kind)) if (!this.#touched.has(nameOf(kind, row.key))) yield row;
    }
  }
}

function nameOf(kind: RecordKind, key: KeyTuple): string {
  return `${kind}\0${nameOfKey(key)}`;
}

/** Decides what commits make of a store at `head`, of which `index` tells. In slices of time: the index may move on meanwhile. */
export async function planCommits(
  commits: readonly PlannedCommit[],
  id: string,
  head: Head,
  index: RecordIndex,
): Promise<Plan> {
  const planner = new Planner(id, head, index);
  for (const commit of commits) await planner.add(commit);
  return planner.plan();
}

class Planner {
  readonly #id: string;
  readonly #base: Head;
  readonly #overlay: Overlay;
  readonly #slice = new TimeSlice();
  readonly #outcomes: CommitOutcome[] = [];
  readonly #commits: LogCommit[] = [];
  readonly #texts: PlannedText[] = [];
  readonly #refused: (readonly [number, number])[] = [];
  readonly #committedAt = timers.wallClock();
  #revision: Revision;
  #position: number;
  #changes: number;
  #textCount = 0;

  constructor(id: string, head: Head, index: RecordIndex) {
    this.#id = id;
    this.#base = head;
    this.#overlay = new Overlay(index);
    this.#revision = head.revision;
    this.#position = head.position;
    this.#changes = head.changes;
  }

  async add(commit: PlannedCommit): Promise<void> {
    const { changes, note } = commit;
    const error = this.#refusal(commit);
    if (error !== undefined) {
      this.#outcomes.push({ error });
      const from = this.#textCount;
      for (const change of changes) if (change.op === 'put') this.#textOf(change, true);
      if (this.#textCount > from) this.#refused.push([from, this.#textCount]);
      return;
    }
    if (changes.length > 0) {
      this.#revision += 1;
      this.#changes += changes.length;
      const made: LogChange[] = [];
      let size = 0;
      for (const change of changes) {
        if (this.#slice.isOver) await this.#slice.next();
        const applied = await this.#apply(change);
        made.push(applied);
        size += applied.op === 'put' ? applied.row.size : 0;
      }
      this.#commits.push({
        revision: this.#revision,
        committedAt: this.#committedAt,
        note,
        count: changes.length,
        size,
        changes: made,
      });
    }
    this.#outcomes.push({ revision: this.#revision });
  }

  plan(): Plan {
    const { format, epoch, revision, group } = this.#base;
    const isNew = this.#commits.length > 0;
    return {
      outcomes: this.#outcomes,
      head: {
        format,
        epoch,
        revision: this.#revision,
        group: isNew ? this.#id : group,
        position: this.#position,
        changes: this.#changes,
      },
      commits: this.#commits,
      group: {
        id: this.#id,
        previous: group,
        first: revision + 1,
        last: this.#revision,
        changes: this.#changes,
      },
      texts: this.#texts,
      refused: this.#refused,
    };
  }

  #refusal({ expect, expectRevision }: PlannedCommit): StorageError | undefined {
    if (expectRevision !== undefined && expectRevision !== this.#revision)
      return movedOn(expectRevision, this.#revision);
    for (const { kind, key, revision } of expect) {
      const actual = this.#overlay.get(kind, key)?.revision ?? null;
      if (actual !== revision) return conflict(kind, key, revision, actual);
    }
    return undefined;
  }

  async #apply(change: PlannedChange): Promise<LogChange> {
    if (change.op === 'clear') return { op: 'clear', was: await this.#overlay.clear() };
    const { kind, key } = change;
    const was = this.#overlay.get(kind, key);
    if (change.op === 'delete') {
      this.#overlay.set(kind, key, null);
      return { op: 'delete', kind, key, was };
    }
    const row = this.#rowOf(change, was);
    this.#overlay.set(kind, key, row);
    return { op: 'put', row, was };
  }

  #rowOf(put: EncodedPut | WrittenPut, was: Row | undefined): Row {
    const { kind, key, columns, encoding, digest } = put;
    const text = this.#textOf(put, false);
    let position = was?.position;
    if (position === undefined) {
      position = this.#position;
      this.#position += 1;
    }
    return {
      kind,
      key,
      position,
      revision: this.#revision,
      ...text,
      encoding,
      digest,
      lookup: columns.lookup,
      createdAt: columns.createdAt,
    };
  }

  /** Numbers are those of the changes, whichever commits are refused: texts may be there from an earlier attempt. */
  #textOf(put: EncodedPut | WrittenPut, isRefused: boolean): Pick<Row, 'text' | 'pieces' | 'size'> {
    const name = nameOfText(this.#id, this.#textCount);
    this.#textCount += 1;
    if (put.text === undefined) return { text: name, pieces: put.pieces, size: put.size };
    const { text } = put;
    const pieces = piecesOf(text);
    this.#texts.push({ name, text, pieces, isRefused });
    return { text: name, pieces, size: text.length };
  }
}
