/** Prints rows under headings, each column as wide as it needs. */
export function printTable(headings, rows) {
  const lines = [headings, ...rows].map((row) => row.map(String));
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const format = (line) =>
    `  ${line
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd()}`;
  console.log(format(lines[0]));
  console.log(format(widths.map((width) => '-'.repeat(width))));
  for (const line of lines.slice(1)) console.log(format(line));
}
