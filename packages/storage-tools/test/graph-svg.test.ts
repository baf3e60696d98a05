import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TimescapeMetadata, VersionGraph } from '@gati-framework/manifest-store';
import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.js';
import { hasChromium, launchChromium, unpackChromium } from '../../storage-sqljs/test/browser/chromium.js';
import { graphAsSvg } from '../src/graph-svg/index.js';

type Version = VersionGraph['versions'][number];

function version(name: string, deployed: number, more: Partial<Version> = {}): Version {
  const deployedAt = Date.UTC(2026, 0, deployed);
  return { version: name, manifestHash: 'h', deployedAt, active: true, breaking: false, ...more };
}

function graph(...versions: Version[]): VersionGraph {
  return { handlerId: 'orders', currentVersion: '1.0.0', latestVersion: '2.0.0', versions };
}

function gone(handlerId: string, name: string): TimescapeMetadata {
  return {
    handlerId,
    version: name,
    fingerprint: 'f',
    compatibility: { compatible: [], incompatible: [], transformable: [] },
    deployment: { strategy: 'rolling', status: 'decommissioned' },
  };
}

/** The groups of a picture: their classes, and what is told of each. */
function groups(svg: string): string[] {
  return [...svg.matchAll(/<g class="([^"]*)"><title>([^<]*)<\/title>/g)].map(
    (found) => `${found[1]}: ${found[2]}`,
  );
}

it('draws every version, and every edge of its kind', () => {
  const svg = graphAsSvg(
    graph(
      version('1.0.0', 1),
      version('1.1.0', 2, { parent: '1.0.0', active: false }),
      version('2.0.0', 3, {
        parent: '1.0.0',
        breaking: true,
        transformers: [{ to: '1.0.0', transformerId: 'orders-2-1' }],
      }),
    ),
    { timescape: [gone('orders', '1.1.0'), gone('others', '2.0.0')] },
  );
  expect(groups(svg)).toEqual([
    'edge parent: 1.0.0 -&#62; 1.1.0',
    'edge breaking: 1.0.0 -&#62; 2.0.0, breaking',
    'edge transformer: 2.0.0 -&#62; 1.0.0 by orders-2-1',
    'node current: 1.0.0, 2026-01-01, current',
    'node inactive decommissioned: 1.1.0, 2026-01-02, inactive, decommissioned',
    'node: 2.0.0, 2026-01-03, breaking, latest',
  ]);
  expect(svg).toContain('<desc id="gati-desc">3 versions, current 1.0.0, latest 2.0.0</desc>');
});

it('what was made from a version stands below it, also when something leads back', () => {
  const svg = graphAsSvg(
    graph(
      version('2', 2, { parent: '1', transformers: [{ to: '1', transformerId: 't' }] }),
      version('1', 1, { transformers: [{ to: '2', transformerId: 'u' }] }),
      version('3', 3, { parent: '2' }),
    ),
  );
  const tops = [...svg.matchAll(/<text class="version" x="[^"]+" y="([^"]+)">([123])</g)].map(
    ([, y, name]) => [name, Number(y)] as const,
  );
  expect(tops.map(([name]) => name)).toEqual(['1', '2', '3']);
  expect(tops.map(([, y]) => y)).toEqual(tops.map(([, y]) => y).sort((a, b) => a - b));
  expect(new Set(tops.map(([, y]) => y)).size).toBe(3);
});

it('a circle of parents, one that is its own parent, and names of objects are drawn all the same', () => {
  const svg = graphAsSvg(
    graph(
      version('a', 1, { parent: 'b' }),
      version('b', 2, { parent: 'a' }),
      version('__proto__', 3, {
        parent: '__proto__',
        transformers: [{ to: '__proto__', transformerId: 't' }],
      }),
      version('constructor', 4, { parent: 'gone', deployedAt: Number.NaN }),
    ),
  );
  expect(groups(svg)).toEqual([
    'edge parent: b -&#62; a',
    'edge parent: a -&#62; b',
    expect.stringMatching(/^node: a, /),
    expect.stringMatching(/^node: b, /),
    'node: __proto__, 2026-01-03',
    'node: constructor, no date',
  ]);
});

it('of many versions it shows the newest, and says how many it does not show', () => {
  const versions = Array.from({ length: 130 }, (_, i) => version(`v${i}`, i, { parent: `v${i - 1}` }));
  const svg = graphAsSvg(graph(...versions));
  expect(svg).toContain('>30 older versions are not shown</text>');
  const shown = groups(svg).filter((text) => text.startsWith('node'));
  expect(shown).toHaveLength(100);
  expect(shown[0]).toMatch(/^node: v30, /);
});

it('of no versions at all it is a picture of none', () => {
  expect(graphAsSvg(graph())).toContain('<desc id="gati-desc">0 versions, ');
});

it('a name that is too long is cut, and told in full', () => {
  const name = '漢'.repeat(60);
  const svg = graphAsSvg(graph(version(name, 1)));
  expect(svg).toContain(`>${'漢'.repeat(17)}…</text>`);
  expect(svg).toContain(`<title>${name}, 2026-01-01</title>`);
});

const HOSTILE = [
  '</text><script>document.title = "bad"</script>',
  '"><image href="//evil.example/x" onerror="document.title = 1"/>',
  ']]> <!-- & &amp; <!DOCTYPE',
  'right\u202eto left\u2066',
  'control\u0000\u0001\u001b[2J\u0085',
  'half \ud800 and \uffff',
];

it.runIf(hasChromium)(
  'is shown by a browser, in which names are nothing but text, in light and dark',
  async () => {
    const versions = HOSTILE.map((name, i) =>
      version(name, i + 1, {
        parent: HOSTILE[i - 1] ?? '',
        breaking: true,
        transformers: [{ to: HOSTILE[0] ?? '', transformerId: name }],
      }),
    );
    const svg = graphAsSvg({
      ...graph(...versions),
      handlerId: HOSTILE[0] ?? '',
      currentVersion: HOSTILE[1] ?? '',
    });
    const { page, requests } = await openInBrowser(svg);
    const texts = await page.$$eval('text', (found) => found.map((text) => text.textContent));
    for (const cut of [
      '</text><script>document.title',
      'right\\u202eto left\\u2066',
      'half \\ud800 and \\uffff',
    ])
      expect(texts.some((text) => text?.startsWith(cut))).toBe(true);
    expect(await page.$$eval('script, image, foreignObject, a', (found) => found.length)).toBe(0);
    expect(
      await page.$$eval('*', (all) =>
        all.flatMap((one) => one.getAttributeNames()).filter((name) => /^on|href/.test(name)),
      ),
    ).toEqual([]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be shown
    expect(texts.join('')).not.toMatch(/[\u0000-\u001f\u0080-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(requests).toEqual(['/graph.svg']);
    const colours = async (): Promise<unknown> => page.$eval('.page', (one) => getComputedStyle(one).fill);
    expect(await colours()).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await colours()).toBe('rgb(13, 17, 23)');
  },
);

it.runIf(hasChromium)('no text leaves the box that it stands in', async () => {
  const { page } = await openInBrowser(
    graphAsSvg(
      graph(
        version('1.0.0-a-rather-long-name.of.a.version', 1),
        version('WWWWWWWWWWWWWWWWWWWW', 2, {
          parent: '1.0.0-a-rather-long-name.of.a.version',
          active: false,
        }),
        version('2.0.0', 3, { breaking: true, parent: 'WWWWWWWWWWWWWWWWWWWW' }),
      ),
    ),
  );
  const outside = await page.$$eval('.node', (nodes) =>
    nodes.flatMap((node) => {
      const box = node.querySelector('rect')?.getBoundingClientRect();
      return Array.from(node.querySelectorAll('text'), (text) => text.getBoundingClientRect())
        .filter(
          ({ left, right, top, bottom }) =>
            box === undefined || left < box.left || right > box.right || top < box.top || bottom > box.bottom,
        )
        .map(({ left, right }) => `${left}-${right}`);
    }),
  );
  expect(outside).toEqual([]);
});

/** The picture as a page of its own, and everything that is asked of the server for it. */
async function openInBrowser(svg: string): Promise<{ page: Page; requests: string[] }> {
  const folder = temporaryFolder();
  const requests: string[] = [];
  const server = createServer(({ url = '' }, response) => {
    if (url !== '/favicon.ico') requests.push(url);
    response.setHeader('content-type', 'image/svg+xml; charset=utf-8').end(svg);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await launchChromium(await unpackChromium(), {
    profile: `${folder}/profile`,
    temporary: folder,
  });
  onTestFinished(async () => {
    await browser.close();
    server.close();
  });
  const page = await browser.newPage();
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graph.svg`);
  return { page, requests };
}
