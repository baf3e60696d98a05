import { pack } from './transport.mjs';

/**
 * Arguments as they can travel. What cannot is refused here, by the library's
 * own rules, as the storage in the other process would have done.
 */
export function carry(args: readonly unknown[], refuse: () => unknown): readonly unknown[] {
  try {
    return args.map((argument) => pack(argument));
  } catch {
    refuse();
    throw new Error('a value was accepted that no process can send');
  }
}
