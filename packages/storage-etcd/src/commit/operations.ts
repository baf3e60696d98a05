import type { Operation } from '../wire/messages.js';

/** etcd takes 128 operations at once by default, counted over the levels of what is nested. */
const WIDTH = 40;
/** So 48 at the top, and twice 40 below. */
const TOP = 48;

/** What an operation adds to a request beside its key and its value, in bytes, at most. */
const OPERATION_BYTES = 32;

/** The same operations as one transaction takes them: many are nested, and happen all the same in one step. */
export function nest(operations: readonly Operation[]): readonly Operation[] {
  if (operations.length <= TOP) return operations;
  const nested: Operation[] = [];
  for (let i = 0; i < operations.length; i += WIDTH)
    nested.push({ op: 'txn', operations: operations.slice(i, i + WIDTH) });
  return nest(nested);
}

/** About how much of a request an operation takes, in bytes. */
export function weigh(operation: Operation): number {
  if (operation.op === 'txn')
    return operation.operations.reduce((sum, one) => sum + weigh(one), OPERATION_BYTES);
  const value = operation.op === 'put' ? operation.value.length : 0;
  const end = operation.op === 'put' ? 0 : (operation.end?.length ?? 0);
  return OPERATION_BYTES + Buffer.byteLength(operation.key) + end + value;
}

/** Most bytes of a request: etcd refuses those of more than 1.5 MiB by default. */
export const REQUEST_BYTES: number = 1_200_000;
/** Most operations of a request: with three levels there is room for some more. */
const REQUEST_OPERATIONS = 20_000;

/** Operations in lists that one transaction takes, in their order. */
export function* inRequests(operations: Iterable<Operation>): Generator<readonly Operation[]> {
  let list: Operation[] = [];
  let bytes = 0;
  for (const operation of operations) {
    const weight = weigh(operation);
    if (list.length > 0 && (bytes + weight > REQUEST_BYTES || list.length >= REQUEST_OPERATIONS)) {
      yield list;
      list = [];
      bytes = 0;
    }
    list.push(operation);
    bytes += weight;
  }
  if (list.length > 0) yield list;
}
