import { OBJECTS } from './objects.mjs';
import { PRIMITIVES } from './primitives.mjs';
import { PROXIES } from './proxies.mjs';

const DEEPEST = 3;

/** Anything that a program may hand over. @param {import('../seeds.mjs').Random} random */
export function hostileValue(random, depth = 0) {
  if (depth >= DEEPEST || random.chance(0.4)) return random.pick(PRIMITIVES);
  const value = random.pick(OBJECTS)(() => hostileValue(random, depth + 1), random);
  return random.chance(0.25) ? random.pick(PROXIES)(value, random) : value;
}

/**
 * Puts something else into one place of a valid value, takes it away, or adds to it: what is otherwise in order gets
 * further. What it resolves with may be a proxy of the value.
 *
 * @template T @param {T} valid Its own, as it is changed. @returns {T}
 */
export function spoil(valid, random) {
  const places = placesIn(valid);
  if (places.length === 0 || random.chance(0.1)) return random.pick(PROXIES)(Object(valid), random);
  const [holder, name] = random.pick(places);
  const value = hostileValue(random);
  random.pick(CHANGES)(holder, name, value);
  return random.chance(0.1) ? random.pick(PROXIES)(valid, random) : valid;
}

const CHANGES = [
  (holder, name) => delete holder[name],
  (holder, _, value) => Object.defineProperty(holder, '__proto__', { value, enumerable: true }),
  (holder, _, value) => Object.assign(holder, { extra: value }),
  (holder, name, value) => Object.defineProperty(holder, name, { get: () => value, enumerable: true }),
  ...Array(6).fill((holder, name, value) => Object.assign(holder, { [name]: value })),
];

function placesIn(value) {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((name) => [[value, name], ...placesIn(value[name])]);
}
