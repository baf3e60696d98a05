/** What a client did, as far as it told: each operation that was answered, and each write that was begun. */
export class History {
  operations = [];
  answers = 0;
  #client;
  #begun = new Map();

  /** @param {string} client Its name. */
  constructor(client) {
    this.#client = client;
  }

  /** @param {object} line What it told; what is no operation is left out. @returns {boolean} Whether it was an answer. */
  hear(line) {
    if (line.call !== undefined) this.#called(line);
    if (line.answer !== undefined) this.#answered(line);
    return line.answer !== undefined;
  }

  #called({ call: id, from, operation }) {
    const begun = { id, client: this.#client, from, operation, type: operation.type };
    this.#begun.set(id, begun);
    this.operations.push(begun);
  }

  #answered({ answer: id, from, to, operation, result, error }) {
    const begun = this.#begun.get(id);
    this.#begun.delete(id);
    const answer = { to, type: operation.type, result, error };
    if (begun === undefined) this.operations.push({ id, client: this.#client, from, operation, ...answer });
    else Object.assign(begun, answer);
    this.answers += 1;
  }
}
