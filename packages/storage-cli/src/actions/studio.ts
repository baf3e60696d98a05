import { once } from 'node:events';
import type { Storage } from '@gati-framework/manifest-store';
import { openStudio } from '@gati-framework/storage-studio';
import { openBrowser } from '../open-browser.js';
import type { Terminal } from '../terminal.js';
import { asUsage } from '../usage-error.js';
import { withExistingStorage, withStorage } from './with-storage.js';

export interface StudioCommandOptions {
  readonly store: string;
  readonly compare?: string;
  readonly write?: boolean;
  readonly port?: number;
  readonly host?: string;
  readonly open: boolean;
}

/** Serves the studio until the signal ends it. */
export async function studioCommand(terminal: Terminal, options: StudioCommandOptions): Promise<void> {
  const { store, compare, write = false } = options;
  await withExistingStorage(store, { write, terminal }, async (storage) => {
    if (compare === undefined) return await serve(terminal, options, storage);
    await withStorage(compare, { readOnly: true }, terminal, (other) =>
      serve(terminal, options, storage, other),
    );
  });
}

async function serve(
  terminal: Terminal,
  { store, compare, write = false, port, host, open }: StudioCommandOptions,
  storage: Storage,
  other?: Storage,
): Promise<void> {
  const { signal } = terminal;
  await using studio = await asUsage(() =>
    openStudio(storage, {
      url: store,
      write,
      onError: (error) => terminal.err(error instanceof Error ? String(error.stack) : String(error)),
      ...(port !== undefined && { port }),
      ...(host !== undefined && { host }),
      ...(other !== undefined && { compare: other }),
      ...(compare !== undefined && { compareUrl: compare }),
    }),
  );
  terminal.out(`${studio.url}\n\nOpen it in a browser of this machine; Ctrl-C ends it.`);
  if (open) await openBrowser(terminal, () => studio.launchUrl());
  if (!signal.aborted) await once(signal, 'abort');
  signal.throwIfAborted();
}
