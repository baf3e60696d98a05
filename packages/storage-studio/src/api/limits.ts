/** Most of what one answer holds, or one request may. Whatever there is more of comes with a count, and in further parts. */
export interface Limits {
  /** Items of a part of a list. */
  readonly page: number;
  /** UTF-16 code units of a {@link Text}. */
  readonly text: number;
  /** UTF-16 code units of a {@link JsonText}. */
  readonly json: number;
  /** Versions of a handler, the newest ones; transformers of a handler; changes of a commit. */
  readonly listed: number;
  /** Types and properties of one expanded type. */
  readonly typeNodes: number;
  /** Findings of one comparison of two versions, and places where two records differ. */
  readonly findings: number;
  /** Bytes of an uploaded document or bundle. */
  readonly upload: number;
  /** Bytes of any other request. */
  readonly request: number;
}

export const LIMITS: Limits = {
  page: 200,
  text: 4_096,
  json: 262_144,
  listed: 500,
  typeNodes: 500,
  findings: 200,
  upload: 67_108_864,
  request: 65_536,
};
