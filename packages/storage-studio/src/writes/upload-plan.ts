import { readFile } from 'node:fs/promises';
import {
  DocumentError,
  type DocumentPlan,
  MAX_DOCUMENT_BYTES,
  plainDocument,
  planDocument,
} from '@gati-framework/api-import';
import { isArchive } from '@gati-framework/storage-tools/archive';
import { planDeployment, readBundle } from '@gati-framework/storage-tools/deploy';
import type { PastStorage } from '@gati-framework/storage-tools/history';
import type { Checked, CheckQuery } from '../api/index.js';
import type { WritePlan } from './plan.js';

/** What a file that was sent would store. */
export interface UploadPlan extends WritePlan {
  readonly format: Checked['format'];
  /** Of a document: what it means for callers. */
  readonly report?: DocumentPlan['report'];
}

/**
 * Plans an API description, or what is deployed together. A description that refers to other files is refused: none of
 * this machine is read for one that came from elsewhere.
 *
 * @throws StorageError `INVALID_DOCUMENT` or `INVALID_BUNDLE`, with the place.
 */
export async function planUpload(
  storage: PastStorage,
  path: string,
  { name, api, ...options }: CheckQuery,
): Promise<UploadPlan> {
  const ofApi = api === undefined ? {} : { api };
  if (!(await isArchive(path))) {
    const document = { text: await readText(path, name), name };
    if (isDescription(await plainDocument(document))) {
      const { changes, expect, report } = await planDocument(storage, document, { ...ofApi, ...options });
      return { changes, expect, report, format: report.source.format };
    }
  }
  const bundle = await readBundle(path, { name });
  const { changes, expect, differences, report } = await planDeployment(storage, bundle, ofApi);
  return { changes, expect, differences, format: bundle.format, ...(report !== undefined && { report }) };
}

function isDescription(content: unknown): boolean {
  if (typeof content !== 'object' || content === null) return false;
  return Object.hasOwn(content, 'openapi') || Object.hasOwn(content, 'swagger');
}

async function readText(path: string, name: string): Promise<string> {
  const bytes = await readFile(path);
  if (bytes.length > MAX_DOCUMENT_BYTES)
    throw new DocumentError(
      `${name}: it is larger than ${MAX_DOCUMENT_BYTES / 1024 / 1024} MiB. Divide it.`,
      {
        path: name,
      },
    );
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DocumentError(`${name}: it is not UTF-8 text. Save it as UTF-8.`, { path: name, cause });
  }
}
