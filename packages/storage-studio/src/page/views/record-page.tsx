import type { RecordKind } from '@gati-framework/manifest-store';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { Panel } from '../parts/panel.js';
import { TimeAgo } from '../parts/time.js';
import { Waiting } from '../parts/waiting.js';
import { asOf, link } from '../router/location.js';
import { useAnswer } from '../server/answers.js';
import { lengthText } from '../text/cut-text.js';
import { DataText } from '../text/data-text.js';
import { JsonView } from './json-view.js';
import { PageHead } from './page-head.js';
import { KIND_WORDS } from './record-link.js';

export interface RecordPageProps {
  readonly kind: string;
  readonly first: string;
  readonly second: string | undefined;
}

/** Any record as it is stored. */
export function RecordPage({ kind, first, second }: RecordPageProps): VNode {
  const isWhole = useSignal(false);
  const { value, error } = useAnswer('record', {
    kind: kind as RecordKind,
    key: first,
    ...(second === undefined ? {} : { key2: second }),
    ...(isWhole.value ? { all: true } : {}),
    ...asOf(),
  });
  const key = [first, ...(second === undefined ? [] : [second])];
  return (
    <div class="view">
      <PageHead
        title={key.join(' ')}
        heading={key.map((part, i) => (
          <span key={i}>
            {i > 0 && ' '}
            <DataText text={part} />
          </span>
        ))}
        command={value?.command}
      >
        <p class="sub">
          {KIND_WORDS[kind as RecordKind] ?? kind}
          {value !== undefined && (
            <>
              {' · '}
              <a href={link(['commits', String(value.commit.revision)])}>revision {value.commit.revision}</a>
              {value.commit.committedAt !== undefined && (
                <>
                  , <TimeAgo time={value.commit.committedAt} />
                </>
              )}
            </>
          )}
        </p>
      </PageHead>
      {value === undefined ? (
        <Waiting error={error} />
      ) : (
        <Panel
          title="As it is stored"
          end={
            value.json.text.length < value.json.length && (
              <button type="button" class="inline-button" onClick={() => (isWhole.value = true)}>
                load all ({lengthText(value.json.length)})
              </button>
            )
          }
        >
          <JsonView json={value.json} />
        </Panel>
      )}
    </div>
  );
}
