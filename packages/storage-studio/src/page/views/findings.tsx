import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Finding, Findings } from '../../api/findings.js';
import { Icon } from '../parts/icon.js';
import { VerdictMark } from '../parts/marks.js';
import { LongText } from '../text/data-text.js';

const WORDS = { breaking: 'breaking', unknown: 'cannot be told', compatible: 'compatible' } as const;
const ORDER = ['breaking', 'unknown', 'compatible'] as const;

/** How many findings of each kind there are: `2 breaking, 5 compatible`. */
export function FindingCounts({ counts }: Pick<Findings, 'counts'>): VNode {
  const found = ORDER.filter((verdict) => counts[verdict] > 0);
  if (found.length === 0) return <VerdictMark verdict="compatible" word="nothing that callers notice" />;
  return (
    <span class="finding-counts">
      {found.map((verdict) => (
        <VerdictMark key={verdict} verdict={verdict} word={`${counts[verdict]} ${WORDS[verdict]}`} />
      ))}
    </span>
  );
}

/** Findings that are shown until somebody wants all. */
const SHOWN = 12;

/** What callers of the older side notice: its place, and what is another there. */
export function FindingList({ findings, counts }: Pick<Findings, 'findings' | 'counts'>): VNode {
  const isWhole = useSignal(false);
  const shown = isWhole.value ? findings : findings.slice(0, SHOWN);
  const total = counts.breaking + counts.unknown + counts.compatible;
  return (
    <>
      <ul class="findings">
        {shown.map((finding, i) => (
          <FindingLine key={i} finding={finding} />
        ))}
      </ul>
      {shown.length < findings.length && (
        <button type="button" class="inline-button" onClick={() => (isWhole.value = true)}>
          show all {findings.length}
        </button>
      )}
      {isWhole.value && findings.length < total && (
        <p class="muted">
          The first {findings.length} of {total}.
        </p>
      )}
    </>
  );
}

function FindingLine({ finding: { where, what, verdict } }: { readonly finding: Finding }): VNode {
  return (
    <li>
      <span class={verdict}>
        <Icon name={verdict} size={14} />
        <span class="only-heard">{WORDS[verdict]}: </span>
      </span>
      <span>
        <span class="where mono">
          <LongText text={where} shown={200} />
        </span>{' '}
        <LongText text={what} shown={300} />
      </span>
    </li>
  );
}
