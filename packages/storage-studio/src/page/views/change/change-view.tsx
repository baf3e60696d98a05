import { useSignal } from '@preact/signals';
import type { FunctionComponent, VNode } from 'preact';
import { at, link, setParams } from '../../router/location.js';
import { studio } from '../../server/feed.js';
import { canWrite } from '../../shell/side.js';
import { PageHead } from '../page-head.js';
import { DeleteForm } from './delete-form.js';
import { DeployForm } from './deploy-form.js';
import { PruneForm } from './prune-form.js';
import { RollbackForm } from './rollback-form.js';

/** What each form of the view is given. */
export interface FormProps {
  readonly onCommand: (command: string) => void;
}

const FORMS: Readonly<Record<string, FunctionComponent<FormProps>>> = {
  deploy: DeployForm,
  rollback: RollbackForm,
  prune: PruneForm,
  delete: DeleteForm,
};

/** What changes the store, each behind a look at what it would change. */
export function ChangeView({ what = 'deploy' }: { readonly what: string | undefined }): VNode {
  const command = useSignal<{ readonly what: string; readonly line: string } | undefined>(undefined);
  const Form = FORMS[what];
  const line = command.value?.what === what ? command.value.line : `gati-storage ${what} --help`;
  return (
    <div class="view">
      <PageHead title="Change" command={line}>
        <nav class="tabs" aria-label="What to do">
          {Object.keys(FORMS).map((name) => (
            <a key={name} href={link(['change', name])} aria-current={name === what ? 'page' : undefined}>
              {name}
            </a>
          ))}
        </nav>
      </PageHead>
      {canWrite() && Form !== undefined ? (
        <Form key={what} onCommand={(next) => (command.value = { what, line: next })} />
      ) : (
        <WhyNot />
      )}
    </div>
  );
}

function WhyNot(): VNode {
  if (studio.value?.write !== true)
    return (
      <p class="notice">
        This studio only reads. Started as <code>gati-storage studio --write</code>, it changes the store,
        too.
      </p>
    );
  if (at.value === undefined) return <p class="notice">There is no such change.</p>;
  return (
    <p class="notice">
      Nobody changes the past.{' '}
      <button type="button" class="button" onClick={() => setParams({ at: undefined })}>
        Back to now
      </button>
    </p>
  );
}
