import type { VNode } from 'preact';

/** Lines on a grid of 16, drawn for this page. */
const PATHS = {
  handlers: 'M2.5 4h11M2.5 8h11M2.5 12h7',
  compare: 'M5 2.5v11M11 2.5v11M5 5.5H2.5M5 10.5H2.5M11 5.5h2.5M11 10.5h2.5',
  impact:
    'M8 8m-1.8 0a1.8 1.8 0 1 0 3.6 0a1.8 1.8 0 1 0-3.6 0M4.2 11.8a5.4 5.4 0 0 1 0-7.6M11.8 4.2a5.4 5.4 0 0 1 0 7.6',
  commits: 'M8 2v3.5M8 10.5V14M8 8m-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0',
  check: 'M8 1.8l5 1.9v3.6c0 3.2-2.1 5.5-5 6.9c-2.9-1.4-5-3.7-5-6.9V3.7zM5.8 8l1.6 1.6l2.9-3.2',
  health: 'M1.5 8.5h3l1.6-4.5l3 8.5l1.7-4h3.7',
  change: 'M10.8 2.8l2.4 2.4L5.6 12.8l-3.1.7l.7-3.1zM9.2 4.4l2.4 2.4',
  search: 'M7 7m-4.2 0a4.2 4.2 0 1 0 8.4 0a4.2 4.2 0 1 0-8.4 0M10.2 10.2l3.3 3.3',
  clock: 'M8 8m-5.7 0a5.7 5.7 0 1 0 11.4 0a5.7 5.7 0 1 0-11.4 0M8 4.8V8l2.2 1.5',
  sun: 'M8 8m-2.7 0a2.7 2.7 0 1 0 5.4 0a2.7 2.7 0 1 0-5.4 0M8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1',
  moon: 'M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z',
  help: 'M8 8m-5.7 0a5.7 5.7 0 1 0 11.4 0a5.7 5.7 0 1 0-11.4 0M6.4 6.4a1.6 1.6 0 1 1 2.2 1.5c-.4.2-.6.5-.6.9v.3M8 11.2v.1',
  copy: 'M5.5 5.5h7.5v7.5h-7.5zM10.5 5.5V3h-7.5v7.5h2.5',
  done: 'M3 8.5l3.2 3.2L13 4.8',
  close: 'M4 4l8 8M12 4l-8 8',
  open: 'M6 4l4 4l-4 4',
  left: 'M10 4l-4 4l4 4',
  right: 'M6 4l4 4l-4 4',
  breaking: 'M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4L1.8 10.6V5.4zM8 4.8v3.7M8 10.9v.1',
  compatible: 'M8 8m-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0M5.3 8.2l1.9 1.9l3.6-4',
  unknown:
    'M8 8m-6 0a6 6 0 1 0 12 0a6 6 0 1 0-12 0M6.4 6.4a1.6 1.6 0 1 1 2.2 1.5c-.4.2-.6.5-.6.9v.3M8 11.2v.1',
  warning: 'M8 2.2l6.2 11H1.8zM8 6.4v3.2M8 11.5v.1',
  file: 'M4 1.8h5l3.2 3.2v9.2H4zM9 1.8V5h3.2',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside a text that says the same, so it is not told to those who cannot see it. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }): VNode {
  return (
    <svg
      class="icon"
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
