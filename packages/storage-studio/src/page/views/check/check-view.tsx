import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Checked, CheckQuery } from '../../../api/check.js';
import { Waiting } from '../../parts/waiting.js';
import { link } from '../../router/location.js';
import { freshness } from '../../server/answers.js';
import { postFile } from '../../server/post.js';
import type { RequestError } from '../../server/request.js';
import { canWrite } from '../../shell/side.js';
import { PageHead } from '../page-head.js';
import { CheckOptions, type Chosen, NOTHING_CHOSEN, queryOf } from './check-options.js';
import { CheckResult } from './check-result.js';
import { FileDrop } from './file-drop.js';

interface State {
  readonly isAsked?: boolean;
  readonly answer?: Checked;
  readonly error?: RequestError;
}

/** What a document, bundle or archive would change. Nothing is stored. */
export function CheckView(): VNode {
  const file = useSignal<File | undefined>(undefined);
  const chosen = useSignal<Chosen>(NOTHING_CHOSEN);
  const state = useSignal<State>({});
  const given = file.value;
  useEffect(() => {
    if (given === undefined) return;
    const query: CheckQuery = { name: given.name, ...queryOf(chosen.value) };
    let isWanted = true;
    state.value = { ...state.peek(), isAsked: true };
    postFile('check', query, given).then(
      (answer) => {
        if (isWanted) state.value = { answer };
      },
      (error: RequestError) => {
        if (isWanted) state.value = { error };
      },
    );
    return () => {
      isWanted = false;
    };
  }, [given, chosen.value, freshness.value]);
  const { answer, error, isAsked } = state.value;
  return (
    <div class="view">
      <PageHead
        title="Check before deploying"
        command={answer?.command ?? 'gati-storage import FILE --dry-run'}
      />
      <p class="sub">
        What would change, as <code>import --dry-run</code> says it. Nothing is stored.
        {canWrite() && (
          <>
            {' '}
            To store it, <a href={link(['change', 'deploy'])}>deploy</a> it.
          </>
        )}
      </p>
      <FileDrop file={given} onFile={(next) => (file.value = next)} />
      <CheckOptions chosen={chosen} />
      <div aria-live="polite" aria-busy={isAsked === true}>
        {error !== undefined && <Waiting error={error} />}
        {isAsked === true && answer === undefined && <Waiting />}
        {answer !== undefined && <CheckResult checked={answer} />}
      </div>
    </div>
  );
}
