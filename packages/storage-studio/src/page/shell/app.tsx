import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { followAddress } from '../router/location.js';
import { CurrentView } from '../router/views.js';
import { token } from '../server/token.js';
import { Bar } from './bar.js';
import { Help } from './help.js';
import { listenToKeys } from './shortcuts.js';
import { Side } from './side.js';
import { toggleTheme } from './theme.js';
import { stepRevision, TimeStrip } from './time-strip.js';
import { TokenForm } from './token-form.js';

/** The whole page. */
export function App(): VNode {
  return token.value === undefined ? <TokenForm /> : <Shell />;
}

function Shell(): VNode {
  const search = useRef<HTMLInputElement>(null);
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    // What was chosen is gone with its view: whoever reads by ear is told where they are.
    followAddress(
      () => main.current,
      () =>
        requestAnimationFrame(() =>
          main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true }),
        ),
    );
    listenToKeys({
      search: () => {
        search.current?.focus();
        search.current?.select();
      },
      step: stepRevision,
      toggleTheme,
    });
  }, []);
  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <Side />
      <Bar search={search} />
      <TimeStrip />
      <main class="main" ref={main} tabIndex={-1}>
        <CurrentView />
      </main>
      <Help />
    </div>
  );
}
