import type { RecordKind } from '@gati-framework/manifest-store';
import type { VNode } from 'preact';
import type { JsonText } from '../../api/common.js';
import type {
  ChangeCounts,
  ComparedHandlerView,
  FieldView,
  RecordDifferenceView,
} from '../../api/findings.js';
import { SideBySide } from '../diff/side-by-side.js';
import { Disclosure } from '../parts/disclosure.js';
import { VerdictMark } from '../parts/marks.js';
import { DataText } from '../text/data-text.js';
import { nameOf } from '../text/stored-text.js';
import { FindingCounts, FindingList } from './findings.js';
import { KIND_WORDS, RecordLink } from './record-link.js';

/** `+12 ~3 −1` of each kind. */
export function ChangeCountList({ counts }: { readonly counts: ChangeCounts }): VNode {
  const kinds = Object.entries(counts) as [RecordKind, NonNullable<ChangeCounts[RecordKind]>][];
  if (kinds.length === 0) return <p class="muted">No record differs.</p>;
  return (
    <ul class="change-counts">
      {kinds.map(([kind, { added, changed, removed }]) => (
        <li key={kind}>
          {KIND_WORDS[kind]}{' '}
          <span class="number">
            {added > 0 && <b class="added">+{added}</b>} {changed > 0 && <b class="changed">~{changed}</b>}{' '}
            {removed > 0 && <b class="removed">−{removed}</b>}
          </span>
        </li>
      ))}
    </ul>
  );
}

const SEVERITY = { breaking: 0, unknown: 1, compatible: 2 } as const;

/** What callers of each handler notice; first those that can break. */
export function HandlerFindings({ handlers }: { readonly handlers: readonly ComparedHandlerView[] }): VNode {
  if (handlers.length === 0) return <p class="muted">Nothing that callers of latest versions notice.</p>;
  return (
    <ul class="handler-findings">
      {handlers
        .toSorted((a, b) => SEVERITY[a.verdict] - SEVERITY[b.verdict])
        .map((handler) => (
          <li key={handler.handlerId}>
            <Disclosure summary={<HandlerSummary handler={handler} />} isOpen={handlers.length <= MOST_OPEN}>
              {() => <FindingList {...handler} />}
            </Disclosure>
          </li>
        ))}
    </ul>
  );
}

/** Of a few, what is said of each is shown at once. */
const MOST_OPEN = 3;

function HandlerSummary({ handler }: { readonly handler: ComparedHandlerView }): VNode {
  const { handlerId, before, after, verdict, counts } = handler;
  return (
    <>
      <VerdictMark verdict={verdict} word="" />
      <span class="mono">
        <DataText text={handlerId} />
      </span>
      <span class="muted">
        {before === undefined ? 'new' : <DataText text={before} />} →{' '}
        {after === undefined ? 'gone' : <DataText text={after} />}
      </span>
      <FindingCounts counts={counts} />
    </>
  );
}

const SIGNS = { added: '+', changed: '~', removed: '−' } as const;

interface RecordDifferencesProps {
  readonly records: readonly RecordDifferenceView[];
  /** The revision that has what was removed, and the one that has the rest. */
  readonly before?: number | undefined;
  readonly after?: number | undefined;
}

/** The raw differences, record by record, and of each that changed its fields. */
export function RecordDifferences({ records, before, after }: RecordDifferencesProps): VNode {
  return (
    <ul class="record-differences">
      {records.map((record) => (
        <li key={`${record.kind} ${record.key.join('\u0000')}`}>
          <RecordDifferenceLine record={record} at={record.change === 'removed' ? before : after} />
        </li>
      ))}
    </ul>
  );
}

interface LineProps {
  readonly record: RecordDifferenceView;
  readonly at: number | undefined;
}

function RecordDifferenceLine({ record: { kind, key, change, fields, fieldCount }, at }: LineProps): VNode {
  return (
    <>
      <div class="record-line">
        <b class={change}>
          <span aria-hidden="true">{SIGNS[change]}</span>
          <span class="only-heard">{change}</span>
        </b>
        <span class="muted">{KIND_WORDS[kind]}</span>
        <RecordLink kind={kind} recordKey={key} at={at} />
      </div>
      {fields.length > 0 && (
        <Disclosure summary={fieldCount === 1 ? '1 field' : `${fieldCount} fields`}>
          {() => <FieldList fields={fields} fieldCount={fieldCount} />}
        </Disclosure>
      )}
    </>
  );
}

/** Where two states of a record differ. */
export function FieldList({
  fields,
  fieldCount,
}: {
  readonly fields: readonly FieldView[];
  readonly fieldCount: number;
}): VNode {
  return (
    <>
      <ul class="fields">
        {fields.map((field) => (
          <li key={nameOf(field.path)}>
            <h4 class="mono">{field.path === '' ? 'all of it' : <DataText text={field.path} />}</h4>
            <SideBySide before={textOf(field.before)} after={textOf(field.after)} label="Before and after" />
          </li>
        ))}
      </ul>
      {fields.length < fieldCount && (
        <p class="muted">
          The first {fields.length} of {fieldCount}.
        </p>
      )}
    </>
  );
}

function textOf(json: JsonText | undefined): string {
  if (json === undefined) return '';
  return json.text.length < json.length ? `${json.text}…` : json.text;
}
