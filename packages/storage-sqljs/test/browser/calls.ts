/** What a page or worker can be asked to do. */
export type Actions = Record<string, (...args: never[]) => unknown>;

/** Where actions run: in the page, or in its worker. */
export type Place = 'page' | 'worker';

/** Errors lose their own fields on the way out of a browser, so they travel as values. */
export type Answer = { readonly value: unknown } | { readonly error: ErrorFields };

interface ErrorFields {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly path?: string;
}

export interface Question {
  readonly action: string;
  readonly args: readonly unknown[];
}

export async function answer(actions: Actions, { action, args }: Question): Promise<Answer> {
  try {
    return { value: await (actions[action] as (...args: readonly unknown[]) => unknown)(...args) };
  } catch (reason) {
    const { name, message, code, path } = reason as Error & { code?: string; path?: string };
    return {
      error: { name, message, ...(code !== undefined && { code }), ...(path !== undefined && { path }) },
    };
  }
}
