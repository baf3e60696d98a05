/** What an inspection tells. */
export class Inspection {
  events = [];
  content;
  failed;

  hear({ event, content, failed }) {
    if (event !== undefined) this.events.push(event);
    if (content !== undefined) this.content = content;
    if (failed !== undefined) this.failed = failed;
  }
}
