import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { StudioError } from '../studio-error.js';
import { sendFailure } from './failure.js';

export type ServePage = (request: IncomingMessage, response: ServerResponse, pathname: string) => void;

/** Under which names the build puts what never changes. */
const ASSETS = '/assets/';

const INDEX = '/index.html';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

interface PageFile {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly etag: string;
}

/**
 * Serves the built page: its files by their names, and the page itself for every other address, as it reads that. All of it
 * is read now, a few hundred kilobytes: what a build or an update puts there later is of another server, and a file that it takes
 * away is still asked for by pages that are open.
 *
 * @throws StudioError `STUDIO_FAILED` when it was not built, or is being built just now.
 */
export function pageFiles(folder: string): ServePage {
  const files = readFiles(folder);
  const index = files.get(INDEX);
  if (index === undefined) throw notBuilt(folder);
  return (request, response, pathname) => {
    const file = files.get(pathname) ?? (pathname.startsWith(ASSETS) ? undefined : index);
    if (file === undefined)
      sendFailure(response, new StudioError('STUDIO_NOT_FOUND', 'There is no such file.'));
    else sendFile(request, response, file);
  };
}

function sendFile({ headers: asked }: IncomingMessage, response: ServerResponse, file: PageFile): void {
  const { body, headers, etag } = file;
  if (asked['if-none-match'] === etag) response.writeHead(304, { ETag: etag }).end();
  else response.writeHead(200, { ...headers, ETag: etag, 'Content-Length': body.length }).end(body);
}

function readFiles(folder: string): ReadonlyMap<string, PageFile> {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return new Map(
      paths.map((path) => {
        const name = `/${relative(folder, path).split(sep).join('/')}`;
        return [name, pageFile(name, readFileSync(path))];
      }),
    );
  } catch (cause) {
    throw notBuilt(folder, cause);
  }
}

function pageFile(name: string, body: Buffer): PageFile {
  const isFixed = name.startsWith(ASSETS);
  return {
    body,
    headers: {
      'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
      'Cache-Control': isFixed ? 'private, max-age=31536000, immutable' : 'no-cache',
    },
    etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
  };
}

function notBuilt(folder: string, cause?: unknown): StudioError {
  return new StudioError(
    'STUDIO_FAILED',
    `The page of the studio is not in ${folder}. In a clone, npm run studio builds it; else install the package again.`,
    { cause },
  );
}
