import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInMemoryStorage } from '@gati-framework/manifest-store';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { serveStudio } from '../src/open-studio.js';
import { sendTo } from './support/studio.js';

/** What a build puts there, in place of what was there. */
function build(folder: string, script: string, content: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), `<script src="/assets/${script}"></script>`);
  writeFileSync(join(folder, 'assets', script), content);
}

async function served(folder: string) {
  const studio = await serveStudio(createInMemoryStorage(), {}, folder);
  onTestFinished(() => studio.close());
  return (path: string, headers = {}) => sendTo(studio.port, path, { headers });
}

test('a page that is built anew or taken away while it is served goes on as it was', async () => {
  const folder = temporaryFolder();
  build(folder, 'page-1.js', 'first');
  const get = await served(folder);
  build(folder, 'page-2.js', 'second');
  for (let i = 0; i < 2; i += 1) {
    expect(await get('/')).toMatchObject({ status: 200, body: expect.stringContaining('page-1.js') });
    expect(await get('/assets/page-1.js')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/javascript; charset=utf-8' },
      body: 'first',
    });
    expect((await get('/assets/page-2.js')).status).toBe(404);
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a browser that has a file as it is gets none again', async () => {
  const folder = temporaryFolder();
  build(folder, 'page-1.js', 'first');
  const get = await served(folder);
  const { headers } = await get('/');
  expect(headers).toMatchObject({ 'cache-control': 'no-cache', etag: expect.stringMatching(/^"\S+"$/) });
  expect(await get('/', { 'if-none-match': headers.etag })).toMatchObject({ status: 304, body: '' });
  expect((await get('/', { 'if-none-match': '"another"' })).status).toBe(200);
});

test('a page that was not built, or is only half there, is said to be missing', async () => {
  const folder = temporaryFolder();
  for (const place of [folder, join(folder, 'nowhere')])
    await expect(serveStudio(createInMemoryStorage(), {}, place)).rejects.toMatchObject({
      code: 'STUDIO_FAILED',
      message: expect.stringContaining('npm run studio'),
    });
});
