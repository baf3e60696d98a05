import { NestingRefusal, RecordRefusal } from './refusal.js';

/** Deepest nesting of a record. */
export const MAX_RECORD_DEPTH = 200;
/** Most objects and arrays in a record; one that is reachable in several ways counts each time. */
export const MAX_RECORD_CONTAINERS = 250_000;

/** What a walk through one record has found so far. A plain object of numbers and flags: nothing is faster. */
export interface CopyWalk {
  /** See `Snapshot`. */
  json: boolean;
  /** See `Snapshot`. */
  frozen: boolean;
  /** Lower bound of the encoded size: stops a walk through a huge or endlessly shared structure early. */
  units: number;
  containers: number;
  /** Whether for...in may come upon properties that are not the object's own. */
  inherits: boolean;
  readonly maxBytes: number;
}

/** How the values inside a container are copied. */
export type CopyValue = (walk: CopyWalk, value: unknown, depth: number) => unknown;

/** Counts a container that the walk comes to, and refuses one too many. */
export function enterContainer(walk: CopyWalk, container: object, depth: number): void {
  if (depth >= MAX_RECORD_DEPTH) {
    throw new NestingRefusal(container, `is nested more than ${MAX_RECORD_DEPTH} levels deep; flatten it`);
  }
  if (walk.units > walk.maxBytes) throw tooLarge(walk);
  walk.units += 2;
  walk.containers += 1;
  if (walk.containers > MAX_RECORD_CONTAINERS) {
    throw new RecordRefusal(`holds more than ${MAX_RECORD_CONTAINERS} objects and arrays; split it`);
  }
}

/** Counts what a buffer holds. */
export function countBytes(walk: CopyWalk, byteLength: number): void {
  walk.units += byteLength;
  if (walk.units > walk.maxBytes) throw tooLarge(walk);
}

export function tooLarge({ maxBytes }: CopyWalk): RecordRefusal {
  return new RecordRefusal(
    `is larger than ${maxBytes} bytes when encoded; ` +
      'split it, or raise the maxRecordBytes option of the storage',
  );
}
