import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { ProblemView, Verified } from '../../../api/verify.js';
import { CommandLine } from '../../parts/command-line.js';
import { Panel } from '../../parts/panel.js';
import { Failed } from '../../parts/waiting.js';
import { link } from '../../router/location.js';
import { addressOf } from '../../server/address.js';
import { type RequestError, requestJson } from '../../server/request.js';
import { LongText } from '../../text/data-text.js';
import { KIND_WORDS, RecordLink } from '../record-link.js';

interface State {
  readonly isAsked?: boolean;
  readonly verified?: Verified;
  readonly error?: RequestError;
}

/** Reads all of the store when it is asked to, and says what is wrong. */
export function VerifyPanel(): VNode {
  const state = useSignal<State>({});
  const { isAsked = false, verified, error } = state.value;
  const run = async (): Promise<void> => {
    state.value = { isAsked: true };
    try {
      state.value = { verified: await requestJson<Verified>(addressOf('verify', {})) };
    } catch (failure) {
      state.value = { error: failure as RequestError };
    }
  };
  return (
    <Panel
      title="Is all of it as it should be?"
      end={
        <button type="button" class="button" disabled={isAsked} onClick={() => void run()}>
          {isAsked ? 'Reading …' : 'Read every record'}
        </button>
      }
    >
      <div aria-live="polite" class="verified">
        {error !== undefined && <Failed error={error} />}
        {verified === undefined ? (
          <p class="muted">
            Reads every record and commit, and says which cannot be read, are not what they should be, or
            refer to what is not there.
          </p>
        ) : (
          <Result verified={verified} />
        )}
      </div>
    </Panel>
  );
}

function Result({ verified }: { readonly verified: Verified }): VNode {
  const { records, commits, problemCount, problems, revision, command } = verified;
  const read = `${counted(records, 'record')}${commits === undefined ? '' : ` and ${counted(commits, 'commit')}`}`;
  return (
    <>
      <p class={`notice ${problemCount === 0 ? 'good' : 'bad'}`}>
        {read} read as of revision {revision}:{' '}
        {problemCount === 0 ? 'no problems' : counted(problemCount, 'problem')}.
      </p>
      <ul class="problems">
        {problems.map((problem, i) => (
          <li key={i}>
            <Problem problem={problem} />
          </li>
        ))}
      </ul>
      {problems.length < problemCount && <p class="muted">The first {problems.length}.</p>}
      <CommandLine command={command} />
    </>
  );
}

function Problem({ problem: { code, message, record, revision } }: { readonly problem: ProblemView }): VNode {
  return (
    <>
      <span class="tag">{code}</span>{' '}
      {record !== undefined && (
        <>
          <span class="muted">{KIND_WORDS[record.kind]}</span>{' '}
          <RecordLink kind={record.kind} recordKey={record.key} />
        </>
      )}
      {revision !== undefined && <a href={link(['commits', String(revision)])}>revision {revision}</a>}{' '}
      <LongText text={message} />
    </>
  );
}

function counted(count: number, one: string): string {
  return `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;
}
