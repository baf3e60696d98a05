export class NotCarriable extends Error {}
export function pack<T>(value: T): T;
export function unpack<T>(value: T, finish?: (value: object) => object): T;
