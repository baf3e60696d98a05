import { useSignal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { type RowWindow, rowAfterKey, rowWindow } from './virtual-rows.js';

export interface VirtualListProps {
  readonly label: string;
  readonly count: number;
  /** Pixels; every row has the same. */
  readonly rowHeight: number;
  /** What names a row, so that it stays itself when others come before it. */
  readonly row: (index: number) => ComponentChildren;
  /** Told which rows are wanted, so that they can be asked for. */
  readonly onWindow?: (rows: RowWindow) => void;
}

/**
 * A list of which only what is seen is drawn, whatever its length. The element `.main` scrolls it, and arrows move between
 * the first links of its rows.
 */
export function VirtualList({ label, count, rowHeight, row, onWindow }: VirtualListProps): VNode {
  const list = useRef<HTMLUListElement>(null);
  const shown = useShownRows(list, rowHeight, count, onWindow);
  const moveFocus = useRowFocus(list, rowHeight);
  const { from, to } = shown;
  return (
    <ul
      ref={list}
      class="virtual-list"
      aria-label={label}
      style={{ height: `${count * rowHeight}px` }}
      onKeyDown={(event) => moveFocus(event, count)}
    >
      {Array.from({ length: Math.min(to, count) - from }, (_, i) => from + i).map((index) => (
        <li
          key={index}
          data-row={index}
          aria-setsize={count}
          aria-posinset={index + 1}
          style={{ height: `${rowHeight}px`, transform: `translateY(${index * rowHeight}px)` }}
        >
          {row(index)}
        </li>
      ))}
    </ul>
  );
}

type ListRef = { readonly current: HTMLUListElement | null };

function useShownRows(
  list: ListRef,
  rowHeight: number,
  count: number,
  onWindow: VirtualListProps['onWindow'],
): RowWindow {
  const shown = useSignal<RowWindow>({ from: 0, to: Math.min(count, 40) });
  useLayoutEffect(() => {
    const scroller = list.current?.closest('.main');
    if (scroller === null || scroller === undefined) return;
    const look = (): void => {
      const top = scroller.getBoundingClientRect().top - (list.current?.getBoundingClientRect().top ?? 0);
      const rows = rowWindow(top, top + scroller.clientHeight, rowHeight, count);
      if (rows.from !== shown.peek().from || rows.to !== shown.peek().to) shown.value = rows;
      onWindow?.(rows);
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(scroller);
    scroller.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', look);
    };
  }, [rowHeight, count, onWindow]);
  return shown.value;
}

/** A row that is not drawn yet is scrolled to first, and gets the focus when it is there. */
function useRowFocus(list: ListRef, rowHeight: number): (event: KeyboardEvent, count: number) => void {
  return (event, count) => {
    const element = list.current;
    const scroller = element?.closest('.main');
    const current = (event.target as Element).closest('[data-row]')?.getAttribute('data-row');
    if (element === null || !scroller || current === null || current === undefined || isModified(event))
      return;
    const page = Math.max(1, Math.floor(scroller.clientHeight / rowHeight) - 1);
    const row = rowAfterKey(event.key, Number(current), count, page);
    if (row === undefined) return;
    event.preventDefault();
    const offset =
      element.getBoundingClientRect().top - scroller.getBoundingClientRect().top + row * rowHeight;
    if (offset < 0) scroller.scrollTop += offset;
    const below = offset + rowHeight - scroller.clientHeight;
    if (below > 0) scroller.scrollTop += below;
    focusWhenDrawn(element, row);
  };
}

const MOST_FRAMES = 30;

function focusWhenDrawn(list: Element, row: number, frames = MOST_FRAMES): void {
  const link = list.querySelector<HTMLElement>(`[data-row="${row}"] a`);
  if (link !== null) link.focus({ preventScroll: true });
  else if (frames > 0) requestAnimationFrame(() => focusWhenDrawn(list, row, frames - 1));
}

function isModified({ ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey || shiftKey;
}
