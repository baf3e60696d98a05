import type { HandlerManifest } from '@gati-framework/manifest-store';
import type { HandlerDraft } from '../document/importable-document.js';

/** @param refOf Where each type of the document is stored. */
export function newManifest(
  handler: HandlerDraft,
  hash: string,
  version: string,
  createdAt: number,
  refOf: (ref: string) => string,
): HandlerManifest {
  const { request, response, params, headers } = handler.gtypes;
  const { declared } = handler;
  return {
    handlerId: handler.handlerId,
    version,
    path: handler.path,
    method: handler.method,
    gtypes: {
      request: refOf(request),
      response: refOf(response),
      ...(params === undefined ? {} : { params: refOf(params) }),
      ...(headers === undefined ? {} : { headers: refOf(headers) }),
    },
    hooks: declared?.hooks ?? { before: [], after: [] },
    timescapeVersion: declared?.version ?? hash,
    policies: declared?.policies ?? {},
    dependencies: declared?.dependencies ?? { modules: [] },
    hash,
    createdAt,
  };
}
