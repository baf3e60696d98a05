import type { TimescapeMetadata } from './records.js';

// What Timescape keeps that belongs to no handler: Timescape metadata whose handlerId begins so, with fields of their own.
const RESERVED = 'timescape:';

/** What an application noted in its timeline, by the type of what was changed; `version` is the id of the note. */
export const TIMELINE_PREFIX = 'timescape:timeline/';

/** Which version there is of modules, schemas and the like, by their type; `version` is the id of the module or schema. */
export const ARTIFACT_PREFIX = 'timescape:artifact/';

/** Whether Timescape metadata is of no handler, so that there is no manifest of its version. */
export function isOfNoHandler(handlerId: string): boolean {
  return handlerId.startsWith(RESERVED);
}

/** Such a record: Timescape metadata that says nothing, and what is kept with it. */
export function recordOfNoHandler<T extends object>(
  handlerId: string,
  version: string,
  content: T,
): TimescapeMetadata & T {
  return {
    handlerId,
    version,
    fingerprint: '',
    compatibility: { compatible: [], incompatible: [], transformable: [] },
    deployment: { strategy: 'rolling', status: 'active' },
    ...content,
  };
}
