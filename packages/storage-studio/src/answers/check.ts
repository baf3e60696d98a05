import * as v from 'valibot';
import type { CheckQuery } from '../api/index.js';
import { commandLine } from '../command-line.js';
import { pinned, type StudioStore } from '../studio-context.js';
import { reportView } from '../views/report-view.js';
import { describePlan } from '../writes/carry-out.js';
import { planUpload, type UploadPlan } from '../writes/upload-plan.js';
import type { Endpoint } from './endpoint.js';
import { flag, name } from './input.js';

/** Fields of what is asked about an uploaded file. */
export const checkFields: {
  readonly name: v.GenericSchema<unknown, string>;
  readonly api: v.ExactOptionalSchema<v.GenericSchema<unknown, string>, undefined>;
  readonly versionName: v.ExactOptionalSchema<v.GenericSchema<unknown, string>, undefined>;
  readonly insert: v.ExactOptionalSchema<v.GenericSchema<unknown, boolean>, undefined>;
  readonly strictErrors: v.ExactOptionalSchema<v.GenericSchema<unknown, boolean>, undefined>;
} = {
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(1_024)) as v.GenericSchema<unknown, string>,
  api: v.exactOptional(name),
  versionName: v.exactOptional(name),
  insert: v.exactOptional(flag),
  strictErrors: v.exactOptional(flag),
};

export const check: Endpoint<'check'> = {
  from: 'upload',
  input: v.strictObject(checkFields),
  async answer(context, query, { signal, upload }) {
    return await context.turns.take(signal, async () => {
      const store = await pinned(context.store.storage, undefined);
      const { storage, revision } = store;
      const plan = await planUpload(storage, upload.path, query);
      const { findingCount: _, ...described } = await describePlan(
        context,
        store,
        plan,
        query.strictErrors,
        signal,
      );
      return {
        revision,
        command: uploadCommand(context.store, query, plan, { 'dry-run': true }),
        format: plan.format,
        ...described,
        ...(plan.report !== undefined && { report: reportView(plan.report) }),
      };
    });
  },
};

/** Descriptions are imported, everything else is deployed. */
export function uploadCommand(
  store: StudioStore,
  { name: file, api, versionName, insert, strictErrors }: CheckQuery,
  { format }: Pick<UploadPlan, 'format'>,
  options: Parameters<typeof commandLine>[2] = {},
): string {
  if (format !== 'openapi') return commandLine(store, ['deploy', file], { ...options, api });
  const ofImport = { api, 'version-name': versionName, insert, 'strict-errors': strictErrors };
  return commandLine(store, ['import', file], { ...options, ...ofImport });
}

/** As the note of a commit tells of it. */
export function didWith({ format }: Pick<UploadPlan, 'format'>, file: string): string {
  return `${format === 'openapi' ? 'import' : 'deploy'} ${file}`;
}
