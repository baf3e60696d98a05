import type { Verdict } from '@gati-framework/api-import';
import type { RecordKind } from '@gati-framework/manifest-store';
import type { JsonText, Key, Text } from './common.js';

/** One thing that callers of the older side can notice. */
export interface Finding {
  /** The place, e.g. `response User.name`. */
  readonly where: Text;
  /** e.g. `is now required`. */
  readonly what: Text;
  readonly verdict: Verdict;
}

/** What a difference means for callers: breaking findings first, then unknown ones. */
export interface Findings {
  /** The worst of them; `compatible` where there are none. */
  readonly verdict: Verdict;
  /** {@link LIMITS.findings} at most. */
  readonly findings: readonly Finding[];
  readonly counts: { readonly [V in Verdict]: number };
}

/** A handler that is another one for callers. */
export interface ComparedHandlerView extends Findings {
  readonly handlerId: string;
  /** Its version there; absent: the handler is new. */
  readonly before?: string;
  /** Its version there; absent: the handler is gone. */
  readonly after?: string;
}

/** A place in a record where two states of it differ. */
export interface FieldView {
  /** e.g. `policies.roles[1]`; empty for all of it. */
  readonly path: Text;
  /** Absent: it was not there. */
  readonly before?: JsonText;
  /** Absent: it is no longer there. */
  readonly after?: JsonText;
}

/** A record that two states do not share. */
export interface RecordDifferenceView {
  readonly kind: RecordKind;
  readonly key: Key;
  readonly change: 'added' | 'removed' | 'changed';
  /** Of a changed one; {@link LIMITS.findings} at most. */
  readonly fields: readonly FieldView[];
  readonly fieldCount: number;
}

/** How many records differ. */
export type ChangeCounts = {
  readonly [K in RecordKind]?: { readonly added: number; readonly removed: number; readonly changed: number };
};
