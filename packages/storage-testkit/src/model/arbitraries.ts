import type { Change, RecordKind } from '@gati-framework/manifest-store';
import fc, { type Arbitrary } from 'fast-check';
import { keyOf, type RecordProbe, recordProbes } from '../record-probe.js';

/** Few keys, and one of them often, so that commands meet; among them some that are easily taken for one another. */
const NAMES = ['a', 'a', 'a', 'a', 'a', 'a', 'b', 'A', 'a:b', '__proto__', 'a\u0301', '\u00e1'];
const VERSIONS = ['1', '1', '1', '1', '2', '2', 'b:1', '1.0'];
/** Of transformers, which meet only when three fields do. */
const ENDS = ['1', '1', '1', 'b:1'];
const TIMES = [0, 1, 1, 2, -1, 1.5];
const BAD_KEYS = ['', 'a\0', '\ud800', 'x'.repeat(513), undefined, null, 7, {}, ['a']];
const BAD_TIMES = [Number.NaN, Number.POSITIVE_INFINITY, '1', null, undefined];

/** Mostly what `good` makes, one time in `odds` what `bad` makes. */
function mostly<T>(good: Arbitrary<T>, bad: Arbitrary<unknown>, odds: number): Arbitrary<T> {
  return fc.oneof({ weight: odds - 1, arbitrary: good }, { weight: 1, arbitrary: bad as Arbitrary<T> });
}

/** Mostly one of these, sometimes what is no key. */
function keyLike(names: readonly string[]): Arbitrary<string> {
  return mostly(fc.constantFrom(...names), fc.constantFrom(...BAD_KEYS), 25);
}

/** Names that are valid keys. */
export const goodNameArbitrary: Arbitrary<string> = fc.constantFrom(...NAMES);
export const nameArbitrary: Arbitrary<string> = keyLike(NAMES);
const versionArbitrary = keyLike(VERSIONS);
export const endArbitrary: Arbitrary<string> = keyLike(ENDS);

/** The kinds that a sequence of commands is about: few, so that it comes back to the same records. */
export const kindsArbitrary: Arbitrary<RecordProbe[]> = fc.subarray([...recordProbes], {
  minLength: 1,
  maxLength: 3,
});

const timeArbitrary = mostly(fc.constantFrom(...TIMES), fc.constantFrom(...BAD_TIMES), 40);

/** Contents of a record: small, of every sort, sometimes one that cannot be stored. */
const contentArbitrary = mostly(
  fc.oneof(
    fc.integer({ min: 0, max: 99 }),
    fc.string({ maxLength: 3, unit: 'binary' }),
    fc.constantFrom<unknown[]>(
      ...[null, -0, Number.NaN, 12n, [undefined], {}, '\0', '\ud800', { b: 1, a: 2 }, [], false],
    ),
    fc.date({ noInvalidDate: false }),
    fc.dictionary(fc.constantFrom('k', 'K', 'constructor', '1'), fc.jsonValue({ maxDepth: 1 }), {
      maxKeys: 3,
    }),
  ),
  fc.constant({ check: () => true }),
  40,
);

/** Records of one kind, with few keys. */
export function recordArbitrary(probe: RecordProbe): Arbitrary<unknown> {
  return fc
    .record({
      handlerId: nameArbitrary,
      version: versionArbitrary,
      ref: nameArbitrary,
      id: nameArbitrary,
      fromVersion: endArbitrary,
      toVersion: endArbitrary,
      createdAt: timeArbitrary,
      content: contentArbitrary,
    })
    .map((fields) => {
      const relevant = [...probe.identifiers, ...(probe.hasCreatedAt ? ['createdAt'] : [])];
      const chosen = Object.entries(fields).filter(([name]) => relevant.includes(name));
      return { ...Object.fromEntries(chosen), content: fields.content };
    });
}

/** Keys of one kind. */
export function keyArbitrary(probe: RecordProbe): Arbitrary<Record<string, string>> {
  return fc
    .record({ handlerId: nameArbitrary, version: versionArbitrary, ref: nameArbitrary, id: nameArbitrary })
    .map((fields) => keyOf(probe, fields as never));
}

/** Batches of a few changes of records of these kinds. */
export function changesArbitrary(probes: readonly RecordProbe[]): Arbitrary<Change[]> {
  const probeArbitrary = fc.constantFrom(...probes);
  const put = probeArbitrary.chain((probe) =>
    recordArbitrary(probe).map((value) => ({ put: probe.kind, value }) as Change),
  );
  const remove = probeArbitrary.chain((probe) =>
    keyArbitrary(probe).map((key) => ({ delete: probe.kind, key }) as unknown as Change),
  );
  const change = fc.oneof(
    { weight: 10, arbitrary: put },
    { weight: 5, arbitrary: remove },
    { weight: 1, arbitrary: fc.constant<Change>({ clear: true }) },
  );
  const unknownKind = fc.constant({ put: 'nothing' as RecordKind, value: {} } as Change);
  return fc.array(mostly(change, unknownKind, 60), { maxLength: 5 });
}
