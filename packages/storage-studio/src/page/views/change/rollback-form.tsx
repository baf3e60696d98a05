import type { VNode } from 'preact';
import type { RolledBack } from '../../../api/writes.js';
import { Panel } from '../../parts/panel.js';
import { link, place, setParams } from '../../router/location.js';
import { newest, oldest } from '../../server/feed.js';
import { postJson } from '../../server/post.js';
import { DataText } from '../../text/data-text.js';
import type { FormProps } from './change-view.js';
import { TwoSteps } from './two-steps.js';

/** Brings the store back to what it was right after a commit, by one more commit. */
export function RollbackForm({ onCommand }: FormProps): VNode {
  const text = place.value.params.to ?? '';
  const to = /^\d+$/.test(text) ? Number(text) : undefined;
  return (
    <TwoSteps<RolledBack>
      subject={text}
      verb={`Roll back to ${text}`}
      ask={to === undefined ? undefined : (intent) => postJson('rollback', { ...intent, to })}
      more={({ commits }) => <TakenBack commits={commits} />}
      onCommand={onCommand}
    >
      <label class="field-label">
        To the revision
        <input
          type="number"
          required
          min={oldest.value}
          max={newest.value}
          value={text}
          onInput={(event) => setParams({ to: event.currentTarget.value })}
        />
      </label>
    </TwoSteps>
  );
}

function TakenBack({ commits }: Pick<RolledBack, 'commits'>): VNode {
  return (
    <Panel title="What is taken back">
      <ul>
        {commits.map(({ revision, note }) => (
          <li key={revision}>
            <a class="mono" href={link(['commits', String(revision)])}>
              r{revision}
            </a>{' '}
            {note === undefined ? <span class="muted">no note</span> : <DataText text={note} />}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
