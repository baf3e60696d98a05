import type { VNode } from 'preact';
import type { CompareVersionsQuery, StateName, VersionsCompared } from '../../../api/compare.js';
import { SideBySide } from '../../diff/side-by-side.js';
import { Disclosure } from '../../parts/disclosure.js';
import { Panel } from '../../parts/panel.js';
import { Waiting } from '../../parts/waiting.js';
import { asOf, at, link, place, setParams } from '../../router/location.js';
import { useAnswer } from '../../server/answers.js';
import { DataText } from '../../text/data-text.js';
import { visibleText } from '../../text/hidden-characters.js';
import { FieldList } from '../differences.js';
import { FindingCounts, FindingList } from '../findings.js';
import { PageHead } from '../page-head.js';
import { StrictErrors } from './strict-errors.js';

/** Two versions of a handler beside each other: first what it means, then the manifests themselves. */
export function CompareVersions({ tabs }: { readonly tabs: VNode }): VNode {
  const query = queryOf(place.value.params, at.value);
  const { value, error } = useAnswer('compareVersions', query);
  return (
    <>
      <PageHead title="Compare" command={query === undefined ? 'gati-storage diff --help' : value?.command}>
        {tabs}
      </PageHead>
      <VersionsForm />
      {query === undefined ? (
        <p class="empty">Choose a handler and two of its versions.</p>
      ) : value === undefined ? (
        <Waiting error={error} />
      ) : (
        <Result compared={value} />
      )}
    </>
  );
}

function queryOf(
  { id, before, after, afterId, beforeIn, afterIn, strict }: Readonly<Record<string, string>>,
  revision: number | undefined,
): CompareVersionsQuery | undefined {
  if (id === undefined || before === undefined || after === undefined) return undefined;
  const inState = revision === undefined ? undefined : (`this@${revision}` as const);
  return {
    id,
    before,
    after,
    ...(afterId === undefined ? {} : { afterId }),
    ...optional('beforeIn', (beforeIn as StateName | undefined) ?? inState),
    ...optional('afterIn', (afterIn as StateName | undefined) ?? inState),
    ...(strict === 'true' ? { strictErrors: true } : {}),
  };
}

function optional<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [P in K]: V });
}

function VersionsForm(): VNode {
  const { id = '' } = place.value.params;
  const revision = asOf();
  const handler = useAnswer('handler', id === '' ? undefined : { id, ...revision });
  const suggestions = useAnswer('handlers', { limit: 20, ...(id === '' ? {} : { q: id }), ...revision });
  const names = handler.value?.versions.map(({ version }) => version) ?? [];
  return (
    <form class="filters" aria-label="What to compare" onSubmit={(event) => event.preventDefault()}>
      <label class="field-label wide">
        Handler
        <input
          type="text"
          list="handler-names"
          placeholder="users.get"
          spellcheck={false}
          value={id}
          onChange={(event) =>
            setParams({ id: event.currentTarget.value, before: undefined, after: undefined })
          }
        />
        <datalist id="handler-names">
          {suggestions.value?.items.map(({ handlerId }) => (
            <option key={handlerId} value={handlerId} />
          ))}
        </datalist>
      </label>
      <VersionChoice name="before" label="Before" names={names} />
      <VersionChoice name="after" label="After" names={names} />
      <StrictErrors />
    </form>
  );
}

interface VersionChoiceProps {
  readonly name: 'before' | 'after';
  readonly label: string;
  readonly names: readonly string[];
}

function VersionChoice({ name, label, names }: VersionChoiceProps): VNode {
  const chosen = place.value.params[name] ?? '';
  return (
    <label class="field-label">
      {label}
      <select
        value={chosen}
        disabled={names.length === 0}
        onChange={(event) => setParams({ [name]: event.currentTarget.value })}
      >
        <option value="">version</option>
        {!names.includes(chosen) && chosen !== '' && <option value={chosen}>{visibleText(chosen)}</option>}
        {[...names].reverse().map((version) => (
          <option key={version} value={version}>
            {visibleText(version)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Result({ compared }: { readonly compared: VersionsCompared }): VNode {
  const { before, after, counts, findings, fields, fieldCount } = compared;
  return (
    <div class="columns even">
      <Panel title="What it means for callers" end={<FindingCounts counts={counts} />}>
        <FindingList findings={findings} counts={counts} />
        {findings.length === 0 && (
          <p class="muted">
            Callers of {before.version} can go on with {after.version}.
          </p>
        )}
      </Panel>
      <Panel
        title="The manifests"
        end={
          <span class="mono">
            <a href={link(['handlers', before.handlerId, before.version])}>
              <DataText text={before.version} />
            </a>
            {' → '}
            <a href={link(['handlers', after.handlerId, after.version])}>
              <DataText text={after.version} />
            </a>
          </span>
        }
        flush
      >
        <SideBySide
          before={before.json.text}
          after={after.json.text}
          label="The manifests before and after"
        />
        {fieldCount > 0 && (
          <div class="panel-body">
            <Disclosure summary={fieldCount === 1 ? 'by field, 1' : `by field, ${fieldCount}`}>
              {() => <FieldList fields={fields} fieldCount={fieldCount} />}
            </Disclosure>
          </div>
        )}
      </Panel>
    </div>
  );
}
