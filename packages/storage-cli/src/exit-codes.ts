/** Exit codes of the command. */
export const EXIT = {
  ok: 0,
  /** Refused or failed. */
  failed: 1,
  usage: 2,
  /** What was asked for was done, and found what a script may want to stop at: callers can break, something is damaged. */
  found: 3,
  interrupted: 130,
} as const;
