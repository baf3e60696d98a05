import fc, { type Arbitrary } from 'fast-check';
import { DeadlineError } from '../assertions/deadline.js';
import type { Harness } from '../conformance-case.js';
import type { RecordProbe } from '../record-probe.js';
import { kindsArbitrary } from './arbitraries.js';
import type { ModelCommand, Subject } from './command.js';
import { contractChecks, contractCommands } from './contract-commands.js';
import { ModelStorage } from './model-storage.js';
import { logCommand, pastCommands, pastEntriesCommand } from './past-commands.js';
import { entriesCommand, replayCommand, storageCommands } from './storage-commands.js';

type Command = fc.AsyncCommand<ModelStorage, Subject>;

export interface ModelRunOptions {
  /** Same seed, same commands. */
  seed?: number;
  /** How many sequences of commands to try, each on a fresh storage. */
  runs?: number;
  /** Most commands in a sequence. */
  length?: number;
  /**
   * After so many milliseconds no further sequence is begun, so that a slow storage is asked as much as
   * there is time for, and no less than one sequence. Default: 45,000.
   */
  timeLimit?: number;
}

/**
 * Drives fresh storages and the model with the same random calls of the
 * contract, and compares results and error codes. Rejects with the shortest
 * failing sequence it can find and the seed that leads there.
 */
export async function checkContractAgainstModel(
  { withFresh }: Pick<Harness, 'withFresh'>,
  options: ModelRunOptions = {},
): Promise<void> {
  await check(withFresh, contractCommands, contractChecks, options);
}

/** As {@link checkContractAgainstModel}, with everything that the storage's capabilities announce. */
export async function checkStorageAgainstModel(
  { full, withFresh }: Pick<Harness, 'full' | 'withFresh'>,
  options: ModelRunOptions = {},
): Promise<void> {
  const { capabilities } = full;
  const checks = (model: ModelStorage): ModelCommand[] => [
    ...contractChecks(model),
    ...(capabilities.entries ? [entriesCommand({})] : []),
    ...(capabilities.watch ? [replayCommand(0), replayCommand(0.5), replayCommand(1)] : []),
  ];
  await check(withFresh, (probes) => storageCommands(probes, capabilities), checks, options);
}

/** As {@link checkStorageAgainstModel}, of what a storage with the capability `history` tells of its past. */
export async function checkPastAgainstModel(
  { withFresh }: Pick<Harness, 'withFresh'>,
  options: ModelRunOptions = {},
): Promise<void> {
  const parts = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const checks = (): ModelCommand[] => [
    logCommand(0, 2, {}),
    ...parts.map((part) => pastEntriesCommand(part)),
  ];
  await check(withFresh, pastCommands, checks, options);
}

async function check(
  withFresh: Harness['withFresh'],
  commandsFor: (probes: readonly RecordProbe[]) => Arbitrary<ModelCommand>,
  finalChecks: (model: ModelStorage) => ModelCommand[],
  { seed = 20_240_229, runs = 40, length = 40, timeLimit = 45_000 }: ModelRunOptions,
): Promise<void> {
  const sequences = kindsArbitrary.chain((probes) =>
    fc.commands([commandsFor(probes)], { maxCommands: length, size: 'max' }),
  );
  const compare = ({ full, reopen }: Harness, commands: Iterable<Command>): Promise<void> => {
    const model = new ModelStorage();
    const subject: Subject = { storage: full, reopen };
    return fc
      .asyncModelRun(() => ({ model, real: subject }), commands)
      .then(async () => {
        await subject.storage.listHookManifests(); // opens what was never used
        for (const finalCheck of finalChecks(model)) await finalCheck.run(model, subject);
      });
  };
  let hangs = false;
  const lastStart = performance.now() + timeLimit;
  let begun = 0;
  const property = fc.asyncProperty(sequences, async (commands) => {
    // What hangs is not made shorter: each attempt would cost the whole patience.
    if (hangs || (begun > 0 && performance.now() > lastStart)) return;
    begun += 1;
    try {
      await withFresh((fresh) => compare(fresh, commands));
    } catch (error) {
      hangs = error instanceof DeadlineError;
      throw error;
    }
  });
  await fc.assert(property, {
    seed,
    numRuns: runs,
    includeErrorInReport: true,
  });
}
