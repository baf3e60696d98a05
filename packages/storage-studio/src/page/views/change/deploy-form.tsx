import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Deployed } from '../../../api/writes.js';
import { postFile } from '../../server/post.js';
import { CheckOptions, type Chosen, NOTHING_CHOSEN, queryOf } from '../check/check-options.js';
import { FileDrop } from '../check/file-drop.js';
import type { FormProps } from './change-view.js';
import { TwoSteps } from './two-steps.js';

/** Stores all of a document, bundle or archive in one commit. */
export function DeployForm({ onCommand }: FormProps): VNode {
  const file = useSignal<File | undefined>(undefined);
  const chosen = useSignal<Chosen>(NOTHING_CHOSEN);
  const given = file.value;
  const options = chosen.value;
  return (
    <>
      <FileDrop file={given} onFile={(next) => (file.value = next)} />
      <CheckOptions chosen={chosen} />
      <TwoSteps<Deployed>
        subject={JSON.stringify([given?.name, given?.size, given?.lastModified, options])}
        verb="Deploy"
        ask={
          given === undefined
            ? undefined
            : (intent) => postFile('deploy', { ...intent, name: given.name, ...queryOf(options) }, given)
        }
        onCommand={onCommand}
      >
        {null}
      </TwoSteps>
    </>
  );
}
