import { existsSync } from 'node:fs';
import { ForksPoolWorker, type PoolRunnerInitializer } from 'vitest/node';
import { CURRENT_NODE, currentNode } from '../../scripts/current-node.mjs';

/** Runs tests in processes of a current Node.js, whichever one runs vitest. */
export const currentNodePool: PoolRunnerInitializer = {
  name: `node-${CURRENT_NODE}`,
  createPoolWorker: (options) => new CurrentNodeWorker(options),
};

class CurrentNodeWorker extends ForksPoolWorker {
  override readonly name: string = currentNodePool.name;

  /** What it calls to start the process, before anything else can run, takes the path from here. */
  override start(): Promise<void> {
    const { execPath } = process;
    const current = currentNode();
    if (!existsSync(current)) throw new Error(`There is no ${current}: npm test gets it.`);
    process.execPath = current;
    try {
      return super.start();
    } finally {
      process.execPath = execPath;
    }
  }
}
