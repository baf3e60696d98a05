import type { VNode } from 'preact';
import { Icon, type IconName } from '../parts/icon.js';
import { at, link, place } from '../router/location.js';
import { studio } from '../server/feed.js';
import { DataText } from '../text/data-text.js';

interface NavItem {
  readonly name: string;
  readonly path: readonly string[];
  readonly icon: IconName;
  /** First parts of the paths that belong to it. */
  readonly of: readonly (string | undefined)[];
}

const ITEMS: readonly NavItem[] = [
  { name: 'Handlers', path: [], icon: 'handlers', of: [undefined, 'handlers'] },
  { name: 'Compare', path: ['compare'], icon: 'compare', of: ['compare'] },
  { name: 'Blast radius', path: ['impact'], icon: 'impact', of: ['impact'] },
  { name: 'Time', path: ['commits'], icon: 'commits', of: ['commits'] },
  { name: 'Check', path: ['check'], icon: 'check', of: ['check'] },
  { name: 'Health', path: ['health'], icon: 'health', of: ['health'] },
];

const CHANGE: NavItem = { name: 'Change', path: ['change'], icon: 'change', of: ['change'] };

/** Where one can go, and which store it is. */
export function Side(): VNode {
  const known = studio.value;
  const items = known?.write === true ? [...ITEMS, CHANGE] : ITEMS;
  return (
    <section class="side" aria-label="Studio">
      <div class="brand">
        <Brand />
        Gati Studio
      </div>
      <StoreFacts />
      <nav class="nav" aria-label="Views">
        {items.map((item) => (
          <NavLink key={item.name} {...item} />
        ))}
      </nav>
      <p class="side-end">
        {known === undefined ? '' : `${known.write ? 'Can write' : 'Read-only'} · ${known.version}`}
      </p>
    </section>
  );
}

function NavLink({ name, path, icon, of }: NavItem): VNode {
  const isHere = of.includes(place.value.path[0]);
  return (
    <a
      class={path[0] === 'health' ? 'roomy' : ''}
      href={link(path)}
      aria-current={isHere ? 'page' : undefined}
    >
      <Icon name={icon} />
      {name}
    </a>
  );
}

/** Its height is there before the answer is. */
function StoreFacts(): VNode {
  const known = studio.value;
  return (
    <div class="store">
      <b title={known?.store.label}>
        {known === undefined ? '\u00a0' : <DataText text={known.store.label} />}
      </b>
      {known === undefined ? '\u00a0' : known.store.backend}
      {known?.other !== undefined && (
        <div>
          beside <DataText text={known.other.label} />
        </div>
      )}
    </div>
  );
}

function Brand(): VNode {
  return (
    <svg
      aria-hidden="true"
      width="18"
      height="18"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linejoin="round"
    >
      <path d="M8 1.8l6 3-6 3-6-3zM2.4 8l5.6 2.8L13.6 8M2.4 11.2L8 14l5.6-2.8" />
    </svg>
  );
}

/** Whether what is looked at can be changed: nobody changes the past. */
export function canWrite(): boolean {
  return studio.value?.write === true && at.value === undefined;
}
