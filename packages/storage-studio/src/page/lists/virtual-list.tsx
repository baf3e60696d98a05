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
      tabIndex={-1}
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

/**
 * A row that is not drawn yet is scrolled to first, and gets the focus when it is there. Until then the list itself has it, so
 * that the next key is heard.
 */
function useRowFocus(list: ListRef, rowHeight: number): (event: KeyboardEvent, count: number) => void {
  const wanted = useRef<number | undefined>(undefined);
  useLayoutEffect(() => {
    if (wanted.current !== undefined && focusRow(list.current, wanted.current)) wanted.current = undefined;
  });
  return (event, count) => {
    const element = list.current;
    const scroller = element?.closest('.main');
    const current = rowOf(event.target) ?? wanted.current;
    if (element === null || !scroller || current === undefined || isModified(event)) return;
    const page = Math.max(1, Math.floor(scroller.clientHeight / rowHeight) - 1);
    const row = rowAfterKey(event.key, current, count, page);
    if (row === undefined) return;
    event.preventDefault();
    scrollToRow(element, scroller, row, rowHeight);
    if (focusRow(element, row)) return;
    wanted.current = row;
    element.focus({ preventScroll: true });
  };
}

function rowOf(target: EventTarget | null): number | undefined {
  const row = target instanceof Element ? target.closest('[data-row]')?.getAttribute('data-row') : undefined;
  return typeof row === 'string' ? Number(row) : undefined;
}

function scrollToRow(list: Element, scroller: Element, row: number, rowHeight: number): void {
  const top = list.getBoundingClientRect().top - scroller.getBoundingClientRect().top + row * rowHeight;
  const below = top + rowHeight - scroller.clientHeight;
  if (top < 0) scroller.scrollTop += top;
  else if (below > 0) scroller.scrollTop += below;
}

/** Whether nothing is left to do: the row has the focus, or somebody has gone elsewhere meanwhile. */
function focusRow(list: HTMLElement | null, row: number): boolean {
  const focused = document.activeElement;
  if (list === null || (focused !== document.body && !list.contains(focused))) return true;
  const link = list.querySelector<HTMLElement>(`[data-row="${row}"] a`);
  link?.focus({ preventScroll: true });
  return link !== null;
}

function isModified({ ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return ctrlKey || metaKey || altKey || shiftKey;
}
