import type { RecordKind } from '@gati-framework/manifest-store';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Deleted, DeleteRequest } from '../../../api/writes.js';
import { Panel } from '../../parts/panel.js';
import { place, setParams } from '../../router/location.js';
import { postJson } from '../../server/post.js';
import { visibleText } from '../../text/hidden-characters.js';
import { KIND_WORDS, RecordLink } from '../record-link.js';
import type { FormProps } from './change-view.js';
import { TwoSteps } from './two-steps.js';

const NAMES = ['id', 'version', 'kind', 'key', 'key2'] as const;

/** Deletes a handler with all its records, one of its versions, or any other record. */
export function DeleteForm({ onCommand }: FormProps): VNode {
  const force = useSignal(false);
  const { params } = place.value;
  const target = targetOf(params);
  return (
    <TwoSteps<Deleted>
      subject={JSON.stringify([target, force.value])}
      verb="Delete"
      ask={
        target === undefined
          ? undefined
          : (intent) => postJson('delete', { ...intent, target, ...(force.value ? { force: true } : {}) })
      }
      obstacle={({ referrerCount }) =>
        referrerCount > 0 && !force.value ? `${referrerCount} records that stay refer to it` : undefined
      }
      more={(said) => said.referrerCount > 0 && <Referrers deleted={said} />}
      onCommand={onCommand}
    >
      {params.kind === undefined ? <HandlerFields /> : <RecordFields kind={params.kind} />}
      <label class="check-label">
        <input
          type="checkbox"
          checked={force.value}
          onChange={(event) => (force.value = event.currentTarget.checked)}
        />
        Also when others refer to it
      </label>
    </TwoSteps>
  );
}

function targetOf({
  id,
  version,
  kind,
  key,
  key2,
}: Readonly<Record<string, string>>): DeleteRequest['target'] | undefined {
  if (kind !== undefined && key !== undefined)
    return { kind: kind as RecordKind, key: key2 === undefined ? [key] : [key, key2] };
  return id === undefined ? undefined : { handlerId: id, ...(version === undefined ? {} : { version }) };
}

function HandlerFields(): VNode {
  return (
    <>
      <Field name="id" label="Handler" placeholder="users.get" />
      <Field name="version" label="Version" placeholder="all of them" />
    </>
  );
}

function RecordFields({ kind }: { readonly kind: string }): VNode {
  return (
    <>
      <Field name="key" label={KIND_WORDS[kind as RecordKind] ?? 'Key'} placeholder="" />
      <button
        type="button"
        class="quiet-button"
        onClick={() => setParams(Object.fromEntries(NAMES.map((name) => [name, undefined])))}
      >
        A handler instead
      </button>
    </>
  );
}

interface FieldProps {
  readonly name: (typeof NAMES)[number];
  readonly label: string;
  readonly placeholder: string;
}

function Field({ name, label, placeholder }: FieldProps): VNode {
  return (
    <label class="field-label wide">
      {label}
      <input
        type="text"
        spellcheck={false}
        placeholder={placeholder}
        value={visibleOr(place.value.params[name])}
        onInput={(event) => setParams({ [name]: event.currentTarget.value })}
      />
    </label>
  );
}

/** What a field can hold is what is deleted; what it cannot show is told beside it by the difference. */
function visibleOr(text: string | undefined): string {
  return text === undefined || visibleText(text) === text ? (text ?? '') : visibleText(text);
}

function Referrers({ deleted: { referrers, referrerCount } }: { readonly deleted: Deleted }): VNode {
  return (
    <Panel title={`${referrerCount} records that stay refer to it`}>
      <ul>
        {referrers.map(({ kind, key, path }) => (
          <li key={`${kind} ${key.join('\u0000')} ${path}`}>
            <span class="muted">{KIND_WORDS[kind]}</span> <RecordLink kind={kind} recordKey={key} />{' '}
            <span class="muted mono">{path}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
