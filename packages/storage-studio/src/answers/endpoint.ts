import type { GenericSchema } from 'valibot';
import type { EndpointName, Endpoints } from '../api/index.js';
import type { StudioContext } from '../studio-context.js';

/** What is known of a request beside its input. */
export interface Asked {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** An uploaded file. */
export interface Upload {
  /** Where it lies until the request was answered. */
  readonly path: string;
}

type InputOf<N extends EndpointName> = Endpoints[N] extends { readonly query: infer Q }
  ? Q
  : Endpoints[N] extends { readonly body: infer B }
    ? B
    : never;

/** How one endpoint reads what is asked, and answers it. */
export interface Endpoint<N extends EndpointName> {
  /** Of what stands behind the `?`, or of the JSON of the body. */
  readonly input: GenericSchema<unknown, InputOf<N>>;
  /** Where the input comes from. `upload`: behind the `?`, and a file in the body. */
  readonly from: 'query' | 'body' | 'upload';
  answer(
    context: StudioContext,
    input: InputOf<N>,
    asked: Asked & { readonly upload: Upload },
  ): Promise<Endpoints[N]['answer']>;
}
