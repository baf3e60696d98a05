import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Intent, Written } from '../../../api/writes.js';
import { Panel } from '../../parts/panel.js';
import { Failed } from '../../parts/waiting.js';
import { link } from '../../router/location.js';
import type { RequestError } from '../../server/request.js';
import { ChangeCountList, HandlerFindings, RecordDifferences } from '../differences.js';

export interface TwoStepsProps<A extends Written> {
  /** Says what would be done, or does it. `undefined`: it is not known yet what is to be done. */
  readonly ask: ((intent: Intent, said: A | undefined) => Promise<A>) | undefined;
  /** What is to be done, as a text: another one makes what was said worthless. */
  readonly subject: string;
  /** What the last button says: `Roll back`. */
  readonly verb: string;
  /** What else there is to say of an answer. */
  readonly more?: (said: A) => ComponentChildren;
  /** Why what was said cannot be done. */
  readonly obstacle?: (said: A) => string | undefined;
  /** Told the line of a shell that does the same. */
  readonly onCommand: (command: string) => void;
  /** The fields that say what is to be done. */
  readonly children: ComponentChildren;
}

interface State<A> {
  readonly subject: string;
  readonly said?: A;
  readonly done?: A;
  readonly error?: RequestError;
  readonly isAsked?: boolean;
}

/**
 * Nothing is done before it was shown what it would change; and it is done only to what was shown: if somebody commits in
 * between, nothing is done, and it is shown anew.
 */
export function TwoSteps<A extends Written>(props: TwoStepsProps<A>): VNode {
  const { ask, subject, onCommand, children } = props;
  const state = useSignal<State<A>>({ subject });
  const note = useSignal('');
  const current = state.value.subject === subject ? state.value : { subject };
  const run = async (said: A | undefined): Promise<void> => {
    if (ask === undefined) return;
    state.value = { ...current, isAsked: true };
    const why = note.peek() === '' ? {} : { note: note.peek() };
    try {
      const intent =
        said === undefined ? { dryRun: true as const, ...why } : { expectRevision: said.revision, ...why };
      const answer = await ask(intent, said);
      onCommand(answer.command);
      state.value = { subject, ...(said === undefined ? { said: answer } : { done: answer }) };
    } catch (error) {
      // What was shown does not hold any more, or never did.
      state.value = { subject, error: error as RequestError };
    }
  };
  return (
    <>
      <form
        class="two-steps"
        onSubmit={(event) => {
          event.preventDefault();
          void run(undefined);
        }}
      >
        {children}
        <Note note={note} />
        <button type="submit" class="button" disabled={ask === undefined || current.isAsked === true}>
          Show what it would change
        </button>
      </form>
      <div aria-live="polite">
        {current.error !== undefined && <Failed error={current.error} />}
        {current.said !== undefined && (
          <Said {...props} said={current.said} isAsked={current.isAsked === true} run={run} />
        )}
        {current.done !== undefined && <Done done={current.done} />}
      </div>
    </>
  );
}

function Note({ note }: { readonly note: Signal<string> }): VNode {
  return (
    <label class="field-label wide">
      Why, for the history
      <input
        type="text"
        maxLength={300}
        placeholder="prices were wrong"
        value={note.value}
        onInput={(event) => (note.value = event.currentTarget.value)}
      />
    </label>
  );
}

interface SaidProps<A extends Written> extends TwoStepsProps<A> {
  readonly said: A;
  readonly isAsked: boolean;
  readonly run: (said: A) => Promise<void>;
}

function Said<A extends Written>({ said, verb, more, obstacle, isAsked, run }: SaidProps<A>): VNode {
  const isNothing = Object.keys(said.counts).length === 0;
  const reason = obstacle?.(said);
  const region = useRef<HTMLElement>(null);
  useEffect(() => region.current?.focus({ preventScroll: true }), []);
  return (
    <section class="said" ref={region} tabIndex={-1} aria-label="What it would change">
      <div class="notice">
        <span>
          {isNothing ? 'There is nothing to change' : 'This is what it would change'}, as of revision{' '}
          {said.revision}. Nothing is done yet.
        </span>
        {reason !== undefined && <span class="mark breaking">{reason}</span>}
        {!isNothing && reason === undefined && (
          <button type="button" class="button danger" disabled={isAsked} onClick={() => void run(said)}>
            {verb}
          </button>
        )}
      </div>
      {more?.(said)}
      <WrittenDetails written={said} />
    </section>
  );
}

function Done({ done }: { readonly done: Written }): VNode {
  return (
    <div class="notice good">
      <span>
        {done.done ? (
          <>
            Done, as <a href={link(['commits', String(done.revision)])}>revision {done.revision}</a>.
          </>
        ) : (
          'There was nothing to change.'
        )}
      </span>
    </div>
  );
}

function WrittenDetails({
  written: { counts, records, findings, findingCount },
}: {
  readonly written: Written;
}): VNode {
  return (
    <div class="columns even">
      <Panel title="What callers notice">
        <HandlerFindings handlers={findings} />
        {findings.length < findingCount && (
          <p class="muted">
            The first {findings.length} of {findingCount}.
          </p>
        )}
      </Panel>
      <Panel title="The records" end={<ChangeCountList counts={counts} />}>
        <RecordDifferences records={records} />
      </Panel>
    </div>
  );
}
