import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Intent, Pruned } from '../../../api/writes.js';
import { Panel } from '../../parts/panel.js';
import { link } from '../../router/location.js';
import { postJson } from '../../server/post.js';
import { DataText } from '../../text/data-text.js';
import type { FormProps } from './change-view.js';
import { TwoSteps } from './two-steps.js';

interface Chosen {
  readonly keep: string;
  readonly days: string;
  readonly protect: string;
  readonly force: boolean;
}

const DAY = 24 * 60 * 60 * 1000;

/** Deletes decommissioned versions that are old. */
export function PruneForm({ onCommand }: FormProps): VNode {
  const chosen = useSignal<Chosen>({ keep: '10', days: '90', protect: '', force: false });
  const set = (change: Partial<Chosen>): void => {
    chosen.value = { ...chosen.peek(), ...change };
  };
  const { keep, days, protect, force } = chosen.value;
  const ask = (intent: Intent, said: Pruned | undefined): Promise<Pruned> =>
    postJson('prune', {
      ...intent,
      ...rulesOf(chosen.peek()),
      ...(said === undefined ? {} : { now: said.now }),
    });
  return (
    <TwoSteps<Pruned>
      subject={JSON.stringify(chosen.value)}
      verb="Delete these versions"
      ask={keep === '' && days === '' ? undefined : ask}
      more={(said) => <Versions pruned={said} />}
      onCommand={onCommand}
    >
      <label class="field-label">
        Keep of each handler
        <input
          type="number"
          min={0}
          value={keep}
          onInput={(event) => set({ keep: event.currentTarget.value })}
        />
      </label>
      <label class="field-label">
        Older than days
        <input
          type="number"
          min={0}
          value={days}
          onInput={(event) => set({ days: event.currentTarget.value })}
        />
      </label>
      <label class="field-label">
        Protect
        <input
          type="text"
          placeholder="*-lts, billing.*@2.*"
          spellcheck={false}
          value={protect}
          onInput={(event) => set({ protect: event.currentTarget.value })}
        />
      </label>
      <label class="check-label">
        <input
          type="checkbox"
          checked={force}
          onChange={(event) => set({ force: event.currentTarget.checked })}
        />
        Also those that others refer to
      </label>
    </TwoSteps>
  );
}

interface Rules {
  readonly keep?: number;
  readonly olderThan?: number;
  readonly protect?: readonly string[];
  readonly force?: boolean;
}

function rulesOf({ keep, days, protect, force }: Chosen): Rules {
  const patterns = protect.split(',').map((one) => one.trim());
  return {
    ...(keep === '' ? {} : { keep: Number(keep) }),
    ...(days === '' ? {} : { olderThan: Number(days) * DAY }),
    ...(protect.trim() === '' ? {} : { protect: patterns.filter((one) => one !== '') }),
    ...(force ? { force } : {}),
  };
}

function Versions({ pruned: { versions, versionCount } }: { readonly pruned: Pruned }): VNode {
  return (
    <Panel title={`${versionCount} decommissioned versions`}>
      <ul class="pruned">
        {versions.map(({ handlerId, version, keptFor }) => (
          <li key={`${handlerId}\u0000${version}`}>
            <a href={link(['handlers', handlerId, version])}>
              <DataText text={handlerId} />{' '}
              <span class="mono">
                <DataText text={version} />
              </span>
            </a>{' '}
            {keptFor === undefined ? (
              <b class="removed">can go</b>
            ) : (
              <span class="muted">stays: {keptFor}</span>
            )}
          </li>
        ))}
      </ul>
      {versions.length < versionCount && <p class="muted">The first {versions.length}.</p>}
    </Panel>
  );
}
