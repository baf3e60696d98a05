import type { VNode } from 'preact';
import type { Checked, CheckedHandler, CheckReport } from '../../../api/check.js';
import type { Text } from '../../../api/common.js';
import type { Findings } from '../../../api/findings.js';
import { Disclosure } from '../../parts/disclosure.js';
import { VerdictMark } from '../../parts/marks.js';
import { Panel } from '../../parts/panel.js';
import { DataText } from '../../text/data-text.js';
import { nameOf } from '../../text/stored-text.js';
import { ChangeCountList, HandlerFindings, RecordDifferences } from '../differences.js';
import { FindingCounts, FindingList } from '../findings.js';

/** What would be stored, first what it means for callers. */
export function CheckResult({ checked }: { readonly checked: Checked }): VNode {
  const { report, counts, records, findings } = checked;
  const isSame = Object.keys(counts).length === 0;
  return (
    <>
      {report !== undefined && <Source report={report} />}
      {isSame && <p class="notice">The store has all of it: nothing would be stored.</p>}
      <div class="columns even">
        <Panel title="What it means for callers">
          {report === undefined ? <HandlerFindings handlers={findings} /> : <ReportDetails report={report} />}
        </Panel>
        <Panel title="The records" end={<ChangeCountList counts={counts} />}>
          <RecordDifferences records={records} />
        </Panel>
      </div>
    </>
  );
}

function Source({ report: { source, operations, counts, types } }: { readonly report: CheckReport }): VNode {
  const facts = [
    `${operations} operations`,
    `${counts.added} new`,
    `${counts.changed + counts.inserted} changed`,
    `${counts.unchanged} left alone`,
    `${types.added} types new, ${types.changed} changed`,
  ];
  return (
    <p class="notice">
      <b>
        <DataText text={source.title ?? source.api} />{' '}
        {source.version !== undefined && <DataText text={source.version} />}
      </b>
      <span class="muted">{source.specification}</span>
      <span>{facts.join(' · ')}</span>
      <VerdictMark
        verdict={counts.breaking > 0 || counts.removed > 0 ? 'breaking' : 'compatible'}
        word={`${counts.breaking} can break callers, ${counts.removed} gone`}
      />
    </p>
  );
}

function ReportDetails({ report }: { readonly report: CheckReport }): VNode {
  const { added, changed, inserted, renamed, removed, counts, inexpressible } = report;
  return (
    <div class="report">
      <Weighed title="Changed" handlers={changed} count={counts.changed} />
      <Weighed title="Inserted before others" handlers={inserted} count={counts.inserted} />
      {renamed.length > 0 && <h3>Renamed ({counts.renamed})</h3>}
      {renamed.map((one) => (
        <Disclosure
          key={nameOf(one.handlerId)}
          summary={
            <>
              <DataText text={one.was} /> → <DataText text={one.handlerId} />{' '}
              <FindingCounts counts={one.counts} />
            </>
          }
        >
          {() => <FindingList {...one} />}
        </Disclosure>
      ))}
      <Ids title="Gone: their callers break" ids={removed} count={counts.removed} />
      <Ids title="New" ids={added.map(({ handlerId }) => handlerId)} count={counts.added} />
      {inexpressible.length > 0 && (
        <Disclosure summary={`${inexpressible.length} keywords that no record has a place for`}>
          {() => (
            <ul>
              {inexpressible.map(({ keyword, count, first, effect }) => (
                <li key={nameOf(keyword)}>
                  <code>
                    <DataText text={keyword} />
                  </code>{' '}
                  {count} times, {effect}, first at <DataText text={first} />
                </li>
              ))}
            </ul>
          )}
        </Disclosure>
      )}
    </div>
  );
}

interface WeighedProps {
  readonly title: string;
  readonly handlers: readonly (CheckedHandler & Findings & { readonly parent?: string })[];
  readonly count: number;
}

function Weighed({ title, handlers, count }: WeighedProps): VNode | null {
  if (count === 0) return null;
  return (
    <>
      <h3>
        {title} ({count})
      </h3>
      {handlers.map((handler) => (
        <Disclosure
          key={nameOf(handler.handlerId)}
          summary={
            <>
              <VerdictMark verdict={handler.verdict} word="" />
              <span class="mono">
                <DataText text={handler.handlerId} />
              </span>
              <span class="muted">
                {handler.parent !== undefined && <DataText text={handler.parent} />} →{' '}
                <DataText text={handler.version} />
              </span>
              <FindingCounts counts={handler.counts} />
            </>
          }
        >
          {() => <FindingList {...handler} />}
        </Disclosure>
      ))}
      {handlers.length < count && <p class="muted">The first {handlers.length}.</p>}
    </>
  );
}

interface IdsProps {
  readonly title: string;
  readonly ids: readonly Text[];
  readonly count: number;
}

function Ids({ title, ids, count }: IdsProps): VNode | null {
  if (count === 0) return null;
  return (
    <>
      <h3>
        {title} ({count})
      </h3>
      <p class="mono">
        {ids.map((id, i) => (
          <span key={nameOf(id)}>
            {i > 0 && ', '}
            <DataText text={id} />
          </span>
        ))}
        {ids.length < count && '…'}
      </p>
    </>
  );
}
