import type { Terminal } from '../terminal.js';

export type Colour = 'red' | 'green' | 'yellow' | 'bold' | 'dim';

/** Begins and ends each, as ECMA-48 has it. */
const CODES: Readonly<Record<Colour, readonly [begin: number, end: number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  bold: [1, 22],
  dim: [2, 22],
};

export type Paint = (colour: Colour, text: string) => string;

/** Colours text for a terminal; elsewhere, and where `NO_COLOR` or a terminal without abilities is, leaves it as it is. */
export function painter({ columns, env }: Pick<Terminal, 'columns' | 'env'>): Paint {
  const { NO_COLOR: none = '', TERM: name } = env;
  if (columns === undefined || none !== '' || name === 'dumb') return (_, text) => text;
  return (colour, text) => {
    const [begin, end] = CODES[colour];
    return `\u001b[${begin}m${text}\u001b[${end}m`;
  };
}
