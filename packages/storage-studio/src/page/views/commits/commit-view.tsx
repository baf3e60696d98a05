import type { VNode } from 'preact';
import type { CommitView as Commit, CommitStep } from '../../../api/commits.js';
import { MoreButton } from '../../parts/more-button.js';
import { Pairs } from '../../parts/pairs.js';
import { Panel } from '../../parts/panel.js';
import { TimeAgo } from '../../parts/time.js';
import { Waiting } from '../../parts/waiting.js';
import { link } from '../../router/location.js';
import { useAnswer } from '../../server/answers.js';
import { newest, oldest } from '../../server/feed.js';
import { useList } from '../../server/lists.js';
import { canWrite } from '../../shell/side.js';
import { showAt } from '../../shell/time-strip.js';
import { LongText } from '../../text/data-text.js';
import { timeText } from '../../text/time-text.js';
import { ChangeCountList, HandlerFindings, RecordDifferences } from '../differences.js';
import { PageHead } from '../page-head.js';
import { KIND_WORDS, RecordLink } from '../record-link.js';
import { CommitSummary } from './commit-summary.js';

/** One commit: who and why, what it changed, and what that means for callers. */
export function CommitView({ revision }: { readonly revision: number }): VNode {
  const { value, error } = useAnswer('commits', { before: revision + 1, limit: 1 });
  const commit = value?.items.find((one) => one.revision === revision);
  return (
    <div class="view">
      <PageHead title={`Revision ${revision}`} command={value?.command}>
        <Neighbours revision={revision} />
      </PageHead>
      {value === undefined ? (
        <Waiting error={error} />
      ) : commit === undefined ? (
        <p class="empty">There is no such commit, or it is no longer kept.</p>
      ) : (
        <Details commit={commit} />
      )}
    </div>
  );
}

function Neighbours({ revision }: { readonly revision: number }): VNode {
  const [first = 1, last = revision] = [oldest.value, newest.value];
  return (
    <p class="sub">
      {revision > Math.max(1, first) && <a href={link(['commits', String(revision - 1)])}>the one before</a>}
      {revision > Math.max(1, first) && revision < last && ' · '}
      {revision < last && <a href={link(['commits', String(revision + 1)])}>the one after</a>}
    </p>
  );
}

function Details({ commit }: { readonly commit: Commit }): VNode {
  const { revision, committedAt, note } = commit;
  const isComparable = oldest.value !== undefined && revision - 1 >= oldest.value;
  return (
    <>
      <Panel
        title="The commit"
        end={
          <>
            <button type="button" class="quiet-button" onClick={() => showAt(revision)}>
              Show everything as of it
            </button>
            {canWrite() && (
              <a href={link(['change', 'rollback'], { to: String(revision) })}>Roll back to it…</a>
            )}
          </>
        }
      >
        <Pairs
          pairs={[
            ['Note', note === undefined ? <span class="muted">none</span> : <LongText text={note} />],
            [
              'Committed',
              <>
                {timeText(committedAt)}, <TimeAgo time={committedAt} />
              </>,
            ],
            ['Changes', <CommitSummary key="changes" commit={commit} />],
          ]}
        />
      </Panel>
      {isComparable ? <Differences revision={revision} /> : <Steps commit={commit} />}
    </>
  );
}

function Differences({ revision }: { readonly revision: number }): VNode {
  const query = { before: `this@${revision - 1}`, after: `this@${revision}` } as const;
  const findings = useList('compareFindings', query);
  const records = useList('compareRecords', query);
  const end = <a href={link(['compare'], { from: query.before, to: query.after })}>Compare</a>;
  return (
    <div class="columns even">
      <Panel title="What callers notice" end={end}>
        {findings.first === undefined ? (
          <Waiting error={findings.error} />
        ) : (
          <HandlerFindings handlers={findings.items} />
        )}
        <MoreButton more={findings.more} />
      </Panel>
      <Panel title="The records" end={records.first && <ChangeCountList counts={records.first.counts} />}>
        {records.first === undefined ? (
          <Waiting error={records.error} />
        ) : (
          <RecordDifferences records={records.items} before={revision - 1} after={revision} />
        )}
        <MoreButton more={records.more} />
      </Panel>
    </div>
  );
}

/** What is known of a commit whose state before is no longer kept. */
function Steps({ commit: { changes, changeCount, revision } }: { readonly commit: Commit }): VNode {
  return (
    <Panel title="What it stored and deleted">
      <ul class="record-differences">
        {changes.map((step, i) => (
          <li key={i}>
            <Step step={step} revision={revision} />
          </li>
        ))}
      </ul>
      {changes.length < changeCount && (
        <p class="muted">
          The first {changes.length} of {changeCount.toLocaleString('en')}.
        </p>
      )}
    </Panel>
  );
}

function Step({ step, revision }: { readonly step: CommitStep; readonly revision: number }): VNode {
  if (step.does === 'clear') return <b class="removed">took everything away</b>;
  const { does, kind, key } = step;
  return (
    <div class="record-line">
      <b class={does === 'put' ? 'added' : 'removed'}>{does === 'put' ? '+' : '−'}</b>
      <span class="muted">{KIND_WORDS[kind]}</span>
      <RecordLink kind={kind} recordKey={key} at={does === 'put' ? revision : revision - 1} />
    </div>
  );
}
