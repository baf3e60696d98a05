import { StorageError } from '../contract/storage-error.js';
import { pathTo } from './path-to.js';

/** A place inside a container: a property name, an index, or words such as `key 0`. */
export type PlaceName = string | number;

/**
 * Why a value cannot be stored. It is thrown where that is found, and each
 * container that the walk leaves by it adds the place where it was: the way to
 * the value is known, and nothing is noted while all goes well.
 */
export class Refusal {
  /** From the value outwards. */
  protected readonly names: PlaceName[] = [];
  protected readonly containers: object[] = [];
  readonly #problem: string;

  constructor(problem: string) {
    this.#problem = problem;
  }

  /** What leaves a container when this was thrown inside; whatever is no refusal stays as it is. */
  static leaving(container: object, name: PlaceName, thrown: unknown): unknown {
    if (thrown instanceof Refusal) {
      thrown.names.push(name);
      thrown.containers.push(container);
    }
    return thrown;
  }

  /** @param label Name of the outermost value, e.g. `manifest`. */
  toError(label: string): StorageError {
    return refuse(label, this.names, this.#problem);
  }
}

/** Of a record as a whole, wherever that was noticed. */
export class RecordRefusal extends Refusal {
  override toError(label: string): StorageError {
    this.names.length = 0;
    return super.toError(label);
  }
}

/** Of too much nesting: it may be that of a cycle, which is refused at the place where it closes. */
export class NestingRefusal extends RecordRefusal {
  constructor(innermost: object, problem: string) {
    super(problem);
    this.containers.push(innermost);
  }

  override toError(label: string): StorageError {
    const chain = this.containers.reverse();
    const closing = chain.findIndex((container, i) => chain.indexOf(container) < i);
    if (closing < 0) return super.toError(label);
    const names = this.names.slice(this.names.length - closing);
    return refuse(label, names, 'is a circular reference; store a reference by name instead');
  }
}

function refuse(label: string, namesOutwards: readonly PlaceName[], problem: string): StorageError {
  const path = pathTo(label, [...namesOutwards].reverse());
  return new StorageError('INVALID_RECORD', `${path} ${problem}.`, { path });
}
