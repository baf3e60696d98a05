/** Exit codes of the command. */
export const EXIT = {
  ok: 0,
  /** Refused or failed. */
  failed: 1,
  /** What was typed cannot be meant: an option that there is not, the URL of no store. */
  usage: 2,
  /** What was asked for was done, and found what a script may want to stop at: callers can break, something is damaged. */
  found: 3,
  /** By Ctrl-C; other signals end the process with 128 and their number, as shells do. */
  interrupted: 130,
} as const;
