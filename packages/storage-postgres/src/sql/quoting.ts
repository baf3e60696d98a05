export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** Quotes the body of a function so that it stays readable. */
export function dollarQuote(body: string): string {
  let tag = '$gati$';
  for (let n = 1; body.includes(tag); n += 1) tag = `$gati${n}$`;
  return `${tag}${body}${tag}`;
}
