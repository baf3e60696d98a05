import { type ReadonlySignal, signal } from '@preact/signals';

/** Name in the storage of this tab, which ends with it. */
const KEPT = 'gati-studio-token';

const current = signal<string | undefined>(undefined);

/** What proves to the server that whoever opened this page was given its address. */
export const token: ReadonlySignal<string | undefined> = current;

/** Takes the token out of the address, before anything else can read it there, or asks other tabs of this server for it. */
export function takeToken(): void {
  const found = /^#token=([\w-]+)(?:&to=(.*))?$/.exec(location.hash);
  if (found?.[1] !== undefined) {
    history.replaceState(null, '', `#${found[2] === undefined ? '/' : decodeURIComponent(found[2])}`);
    keepToken(found[1]);
  } else {
    current.value = sessionStorage.getItem(KEPT) ?? undefined;
  }
  shareToken();
}

export function keepToken(value: string): void {
  sessionStorage.setItem(KEPT, value);
  current.value = value;
}

/** The server does not know it: another one listens here now. */
export function forgetToken(): void {
  sessionStorage.removeItem(KEPT);
  current.value = undefined;
}

/** A link that is opened in a new tab leaves the storage of its tab behind. Only pages of this origin hear each other. */
function shareToken(): void {
  const channel = new BroadcastChannel('gati-studio');
  channel.addEventListener('message', ({ data }: MessageEvent<{ readonly token?: string }>) => {
    if (data.token === undefined) {
      if (current.value !== undefined) channel.postMessage({ token: current.value });
    } else if (current.value === undefined) keepToken(data.token);
  });
  if (current.value === undefined) channel.postMessage({});
}
