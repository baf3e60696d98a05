import type { VersionGraph } from '@gati-framework/manifest-store';
import { expect, it } from 'vitest';
import { graphAsMermaid, graphAsText } from '../src/graph/index.js';

type Version = VersionGraph['versions'][number];

const day = (n: number): number => Date.UTC(2026, 0, n);

function version(name: string, deployed: number, more: Partial<Version> = {}): Version {
  return {
    version: name,
    manifestHash: 'h',
    deployedAt: day(deployed),
    active: true,
    breaking: false,
    ...more,
  };
}

function graph(...versions: Version[]): VersionGraph {
  return { handlerId: 'orders', currentVersion: '2.0.0', latestVersion: '2.0.0', versions };
}

it('a line of versions goes down, and what branches off it is indented', () => {
  const text = graphAsText(
    graph(
      version('1.0.1', 9, { parent: '1.0.0', active: false }),
      version('2.0.0', 20, {
        parent: '1.0.0',
        breaking: true,
        transformers: [{ to: '1.0.0', transformerId: 't' }],
      }),
      version('1.0.0', 1),
      version('1.0.2', 12, { parent: '1.0.1' }),
    ),
  );
  expect(text).toBe(
    [
      'orders',
      'o 1.0.0  2026-01-01',
      '|-o 1.0.1  2026-01-09  inactive',
      '| o 1.0.2  2026-01-12',
      '! 2.0.0  2026-01-20  breaking, current, latest, -> 1.0.0 by t',
    ].join('\n'),
  );
});

it('a circle of parents, a parent that is not there and a time that is none are drawn all the same', () => {
  const text = graphAsText(
    graph(
      version('a', 1, { parent: 'b' }),
      version('b', 2, { parent: 'a' }),
      version('c', 3, { parent: 'c' }),
      version('d', 4, { parent: 'gone', deployedAt: Number.NaN }),
    ),
  );
  expect(text.split('\n').map((line) => line.split('  ')[0])).toEqual(
    expect.arrayContaining(['o a', 'o b', 'o c', 'o d']),
  );
});

it('a hundred thousand versions in a row are drawn', () => {
  const versions = Array.from({ length: 100_000 }, (_, i) => version(`${i}`, 1, { parent: `${i - 1}` }));
  expect(graphAsText(graph(...versions)).split('\n')).toHaveLength(100_001);
});

it('is a Mermaid flowchart, in which no name can be anything but a name', () => {
  const text = graphAsMermaid(
    graph(version('1"]; click', 1), version('2.0.0', 2, { parent: '1"]; click', breaking: true })),
  );
  expect(text.split('\n')).toEqual([
    'flowchart TD',
    '  v0["1#34;#93;#59; click"]',
    '  v1["2.0.0<br/>breaking<br/>current<br/>latest"]',
    '  v0 ==> v1',
  ]);
});
