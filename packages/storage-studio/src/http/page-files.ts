import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { StudioError } from '../studio-error.js';
import { sendFailure } from './failure.js';

export type ServePage = (request: IncomingMessage, response: ServerResponse, pathname: string) => void;

/** Under which names the build puts what never changes. */
const ASSETS = '/assets/';

/**
 * Serves the built page: its files by their names, which are listed once, and the page itself for every other address, as it
 * reads that.
 *
 * @throws StudioError `STUDIO_FAILED` when it was not built.
 */
export function pageFiles(folder: string): ServePage {
  if (!existsSync(join(folder, 'index.html')))
    throw new StudioError(
      'STUDIO_FAILED',
      `The page of the studio is not in ${folder}. In a clone, npm run studio builds it; else install the package again.`,
    );
  const serve = sirv(folder, {
    etag: true,
    setHeaders: (response, pathname) => {
      const isFixed = pathname.startsWith(ASSETS);
      response.setHeader('Cache-Control', isFixed ? 'private, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return (request, response, pathname) => {
    serve(request, response, () => {
      if (pathname.startsWith(ASSETS)) {
        sendFailure(response, new StudioError('STUDIO_NOT_FOUND', 'There is no such file.'));
        return;
      }
      request.url = '/index.html';
      serve(request, response, () => sendFailure(response, undefined));
    });
  };
}
