import * as v from 'valibot';
import type { DeployQuery } from '../api/index.js';
import { defined } from '../views/fields.js';
import { reportView } from '../views/report-view.js';
import { assertWritable, carryOut, wantedRevision } from '../writes/carry-out.js';
import { planUpload } from '../writes/upload-plan.js';
import { checkFields, didWith, uploadCommand } from './check.js';
import type { Endpoint } from './endpoint.js';
import { intentFields, intentOf } from './intent.js';

export const deploy: Endpoint<'deploy'> = {
  from: 'upload',
  input: v.pipe(
    v.strictObject({ ...checkFields, ...intentFields }),
    v.transform(({ dryRun, expectRevision, note, ...rest }): DeployQuery => {
      const given = { dryRun, expectRevision, note };
      return { ...rest, ...intentOf(defined(given)) };
    }),
  ),
  async answer(context, query, { signal, upload }) {
    assertWritable(context);
    const { name: file, api, versionName, insert, strictErrors } = query;
    const check = defined({ name: file, api, versionName, insert, strictErrors });
    const { plan, ...written } = await context.turns.take(signal, () =>
      carryOut(context, ({ storage }) => planUpload(storage, upload.path, check as DeployQuery), {
        intent: query,
        did: (found) => didWith(found, file),
        strictErrors,
        signal,
      }),
    );
    const isDryRun = wantedRevision(query) === undefined;
    return {
      ...written,
      command: uploadCommand(context.store, query, plan, { 'dry-run': isDryRun, note: query.note }),
      format: plan.format,
      ...(plan.report !== undefined && { report: reportView(plan.report) }),
    };
  },
};
