import type { Terminal } from './terminal.js';

/**
 * Opens an address in the browser of who sits at the terminal, where there is one. That the browser does not
 * start is no failure: the address was printed.
 *
 * @param address Asked for when it is opened, as it is good for a moment only.
 */
export async function openBrowser(terminal: Terminal, address: () => string): Promise<void> {
  if (!hasScreen(terminal)) return;
  try {
    const { default: open } = await import('open');
    const browser = await open(address());
    browser.on('error', () => {});
  } catch {
    // There may be none after all.
  }
}

/** Over SSH, a browser would open on a screen that nobody sees. */
function hasScreen({ env, columns }: Pick<Terminal, 'env' | 'columns'>): boolean {
  if (columns === undefined || env.SSH_CONNECTION !== undefined || env.CI !== undefined) return false;
  const isAlwaysThere = process.platform === 'win32' || process.platform === 'darwin';
  return isAlwaysThere || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME);
}
