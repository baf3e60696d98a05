import type { VNode } from 'preact';
import type { CompareQuery, StateInfo, StateName } from '../../../api/compare.js';
import { MoreButton } from '../../parts/more-button.js';
import { Panel } from '../../parts/panel.js';
import { Waiting } from '../../parts/waiting.js';
import { link, place, setParams } from '../../router/location.js';
import { newest, oldest, studio } from '../../server/feed.js';
import { useList } from '../../server/lists.js';
import { DataText } from '../../text/data-text.js';
import { ChangeCountList, HandlerFindings, RecordDifferences } from '../differences.js';
import { PageHead } from '../page-head.js';
import { StrictErrors } from './strict-errors.js';

/** Two revisions, or two stores, beside each other: first what callers notice, then the records. */
export function CompareStates({ tabs }: { readonly tabs: VNode }): VNode {
  const { from = 'this', to = 'this', strict } = place.value.params;
  const query: CompareQuery = {
    before: from as StateName,
    after: to as StateName,
    ...(strict === 'true' ? { strictErrors: true } : {}),
  };
  const findings = useList('compareFindings', query);
  const records = useList('compareRecords', query);
  const sides = findings.first ?? records.first;
  return (
    <>
      <PageHead title="Compare" command={sides?.command}>
        {tabs}
      </PageHead>
      <form class="filters" aria-label="What to compare" onSubmit={(event) => event.preventDefault()}>
        <StateChoice name="from" label="Before" />
        <StateChoice name="to" label="After" />
        <button type="button" class="button" onClick={() => setParams({ from: to, to: from })}>
          Swap
        </button>
        <StrictErrors />
      </form>
      {sides !== undefined && (
        <p class="sub">
          <StateWords state={sides.before} /> → <StateWords state={sides.after} />
        </p>
      )}
      <div class="columns even">
        <Panel title="What callers notice">
          {findings.first === undefined || findings.error !== undefined ? (
            <Waiting error={findings.error} />
          ) : (
            <HandlerFindings handlers={findings.items} />
          )}
          <MoreButton more={findings.more} />
        </Panel>
        <Panel title="The records" end={records.first && <ChangeCountList counts={records.first.counts} />}>
          {records.first === undefined || records.error !== undefined ? (
            <Waiting error={records.error} />
          ) : (
            <RecordDifferences
              records={records.items}
              before={revisionHere(records.first.before)}
              after={revisionHere(records.first.after)}
            />
          )}
          <MoreButton more={records.more} />
        </Panel>
      </div>
    </>
  );
}

/** What only the other store has has no view of its own here. */
function revisionHere({ of, revision }: StateInfo): number | undefined {
  return of === 'this' ? revision : undefined;
}

function StateWords({ state: { of, revision } }: { readonly state: StateInfo }): VNode {
  const info = of === 'this' ? studio.value?.store : studio.value?.other;
  const words = (
    <>
      <DataText text={info?.label ?? of} /> at revision {revision}
    </>
  );
  return of === 'this' ? <a href={link(['commits', String(revision)])}>{words}</a> : <span>{words}</span>;
}

function StateChoice({ name, label }: { readonly name: 'from' | 'to'; readonly label: string }): VNode {
  const state = place.value.params[name] ?? 'this';
  const [of = 'this', revision = ''] = state.split('@');
  const other = studio.value?.other;
  const set = (nextOf: string, nextRevision: string): void =>
    setParams({ [name]: nextRevision === '' ? nextOf : `${nextOf}@${nextRevision}` });
  return (
    <fieldset class="state-choice">
      <legend>{label}</legend>
      {other !== undefined && (
        <select
          aria-label={`${label}: store`}
          value={of}
          onChange={(event) => set(event.currentTarget.value, '')}
        >
          <option value="this">this store</option>
          <option value="other">the other store</option>
        </select>
      )}
      <input
        type="number"
        aria-label={`${label}: revision`}
        placeholder="now"
        min={of === 'this' ? oldest.value : 0}
        max={of === 'this' ? newest.value : undefined}
        value={revision}
        onChange={(event) => set(of, event.currentTarget.value)}
      />
    </fieldset>
  );
}
