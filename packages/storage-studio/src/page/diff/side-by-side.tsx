import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { cutText, lengthText } from '../text/cut-text.js';
import { textPieces } from '../text/hidden-characters.js';
import type { LeftOut, LineRow } from './line-rows.js';

export interface SideBySideProps {
  readonly before: string;
  readonly after: string;
  /** What they are, for those who cannot see where they stand. */
  readonly label: string;
}

type Rows = readonly (LineRow | LeftOut)[];

/** Rows that are drawn until somebody wants more. */
const MOST_ROWS = 400;
/** Code units of a line; more would be a wall that nobody reads. */
const LONGEST_LINE = 400;

/** Two texts beside each other, or, where there is no room, one under the other. What compares them is loaded when it is needed. */
export function SideBySide({ before, after, label }: SideBySideProps): VNode {
  const rows = useSignal<Rows | 'too-long' | undefined>(undefined);
  const isWhole = useSignal(false);
  useEffect(() => {
    let isWanted = true;
    void import('./line-rows.js').then(({ lineRows, withContext }) => {
      const found = lineRows(before, after);
      if (isWanted) rows.value = found === undefined ? 'too-long' : withContext(found);
    });
    return () => {
      isWanted = false;
    };
  }, [before, after]);
  if (rows.value === undefined) return <div class="diff loading" />;
  if (rows.value === 'too-long')
    return <p class="muted">These differ in too much to be shown line by line.</p>;
  const shown = isWhole.value ? rows.value : rows.value.slice(0, MOST_ROWS);
  return (
    <>
      <table class="diff mono" aria-label={label}>
        <colgroup>
          <col class="of-numbers" />
          <col />
          <col class="of-numbers" />
          <col />
        </colgroup>
        <thead class="only-heard">
          <tr>
            <th scope="col">Line before</th>
            <th scope="col">Before</th>
            <th scope="col">Line after</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row, i) =>
            row.kind === 'left-out' ? <Gap key={i} {...row} /> : <Line key={i} {...row} />,
          )}
        </tbody>
      </table>
      {shown.length < rows.value.length && (
        <button type="button" class="inline-button" onClick={() => (isWhole.value = true)}>
          show all {rows.value.length} lines
        </button>
      )}
    </>
  );
}

function Gap({ count }: LeftOut): VNode {
  return (
    <tr class="left-out">
      <td colSpan={4}>{count === 1 ? '1 line that is the same' : `${count} lines that are the same`}</td>
    </tr>
  );
}

function Line({ kind, before, after }: LineRow): VNode {
  return (
    <tr class={kind}>
      <Side line={before} sign={kind === 'same' ? ' ' : '−'} side="before" />
      <Side line={after} sign={kind === 'same' ? ' ' : '+'} side="after" />
    </tr>
  );
}

interface SideProps {
  readonly line: LineRow['before'];
  readonly sign: string;
  readonly side: 'before' | 'after';
}

function Side({ line, sign, side }: SideProps): VNode {
  if (line === undefined) return <td class={`${side} absent`} colSpan={2} />;
  const cut = cutText(line.text, LONGEST_LINE);
  return (
    <>
      <td class={`${side} line-number`}>{line.number}</td>
      <td class={`${side} line`}>
        <span class="sign">{sign}</span>
        {textPieces(cut, '\t').map((piece) =>
          'text' in piece ? piece.text : <span class="hidden-character">{piece.hidden}</span>,
        )}
        {cut.length < line.text.length && <i> … {lengthText(line.text.length)}</i>}
      </td>
    </>
  );
}
