import type { Change } from '@gati-framework/manifest-store';
import fc, { type Arbitrary } from 'fast-check';
import { type Fields, putOf, type RecordProbe, recordProbes, removalOf } from '../record-probe.js';
import { illTyped } from '../untyped.js';

/** Few keys, and one of them often, so that commands meet; among them some that are easily taken for one another. */
const NAMES = ['a', 'a', 'a', 'a', 'a', 'a', 'b', 'A', 'a:b', '__proto__', 'a\u0301', '\u00e1'];
const VERSIONS = ['1', '1', '1', '1', '2', '2', 'b:1', '1.0'];
/** Of transformers, which meet only when three fields do. */
const ENDS = ['1', '1', '1', 'b:1'];
const TIMES = [0, 1, 1, 2, -1, 1.5];
const BAD_KEYS = ['', 'a\0', '\ud800', 'x'.repeat(513), undefined, null, 7, {}, ['a']];
const BAD_TIMES = [Number.NaN, Number.POSITIVE_INFINITY, '1', null, undefined];

/** Mostly what `good` makes, one time in `odds` what `bad` makes. */
function mostly<T, U>(good: Arbitrary<T>, bad: Arbitrary<U>, odds: number): Arbitrary<T | U> {
  return fc.oneof({ weight: odds - 1, arbitrary: good }, { weight: 1, arbitrary: bad });
}

/** Mostly one of these, sometimes what is no key. */
function keyLike(names: readonly string[]): Arbitrary<unknown> {
  return mostly(fc.constantFrom(...names), fc.constantFrom(...BAD_KEYS), 10);
}

/** Names that are valid keys. */
export const goodNameArbitrary: Arbitrary<string> = fc.constantFrom(...NAMES);
const name = keyLike(NAMES);
const end = keyLike(ENDS);
const FIELDS: Readonly<Record<string, Arbitrary<unknown>>> = {
  handlerId: name,
  version: keyLike(VERSIONS),
  ref: name,
  id: name,
  fromVersion: end,
  toVersion: end,
  createdAt: mostly(fc.constantFrom(...TIMES), fc.constantFrom(...BAD_TIMES), 40),
};

/** The kinds that a sequence of commands is about: few, so that it comes back to the same records. */
export const kindsArbitrary: Arbitrary<RecordProbe[]> = fc.subarray([...recordProbes], {
  minLength: 1,
  maxLength: 3,
});

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

/** Fields as an ordinary object, in the order of their names here. */
function fieldsArbitrary(names: readonly string[]): Arbitrary<Fields> {
  return fc.record(Object.fromEntries(names.map((field) => [field, fieldArbitrary(field)])), {
    noNullPrototype: true,
  });
}

/** What a field of a record holds: mostly one of a few, sometimes what is refused. */
export function fieldArbitrary(field: string): Arbitrary<unknown> {
  return FIELDS[field] ?? contentArbitrary;
}

/** Records of one kind, with few keys. */
export function recordArbitrary({ identifiers, hasCreatedAt }: RecordProbe): Arbitrary<Fields> {
  return fieldsArbitrary([...identifiers, ...(hasCreatedAt ? ['createdAt'] : []), 'content']);
}

/** Keys of one kind. */
export function keyArbitrary({ keyFields }: RecordProbe): Arbitrary<Fields> {
  return fieldsArbitrary(keyFields);
}

/** Batches of a few changes of records of these kinds. */
export function changesArbitrary(kinds: readonly RecordProbe[]): Arbitrary<Change[]> {
  const probeArbitrary = fc.constantFrom(...kinds);
  const put = probeArbitrary.chain((probe) => recordArbitrary(probe).map((value) => putOf(probe, value)));
  const remove = probeArbitrary.chain((probe) => keyArbitrary(probe).map((key) => removalOf(probe, key)));
  const change = fc.oneof(
    { weight: 10, arbitrary: put },
    { weight: 5, arbitrary: remove },
    { weight: 1, arbitrary: fc.constant<Change>({ clear: true }) },
  );
  const unknownKind = fc.constant<Change>(illTyped({ put: 'nothing', value: {} }));
  return fc.array(mostly(change, unknownKind, 60), { maxLength: 5 });
}
