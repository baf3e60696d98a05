import type { GType, Validator } from '@gati-framework/manifest-store';
import { customAssertion, customValue, isStub } from '../gtypes/gtype-shapes.js';

/** One member of a request or response type: what a body of this media type and status is. */
export interface LabelledBody {
  /** `undefined` when there is no body. */
  readonly mediaType: string | undefined;
  /** Of a response. */
  readonly status: string | undefined;
  readonly type: GType;
  readonly validators: readonly Validator[];
  /** The object type of a response's headers. */
  readonly headers: GType | undefined;
}

/** The members of a request or response type that an import wrote; `undefined` for a type of other origin. */
export function labelledBodies(type: GType): LabelledBody[] | undefined {
  if (isStub(type) || type.kind !== 'union') return undefined;
  const bodies: LabelledBody[] = [];
  for (const member of type.types ?? []) {
    const mediaType = customValue(member, 'mediaType');
    const status = customValue(member, 'status');
    const [body] = member.types ?? [];
    if (body === undefined || (typeof mediaType !== 'string' && typeof status !== 'string')) return undefined;
    const validators = member.validators ?? [];
    bodies.push({
      mediaType: typeof mediaType === 'string' ? mediaType : undefined,
      status: typeof status === 'string' ? status : undefined,
      type: body,
      validators,
      headers: validators.map(customAssertion).find((found) => found?.keyword === 'headers')?.schema,
    });
  }
  return bodies;
}
