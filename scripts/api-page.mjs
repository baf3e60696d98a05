// The page about what a package offers, for readers: its declarations, and what their comments say.

/** Kinds of what is exported, in the order of the page. */
const KINDS = ['Function', 'Class', 'Variable', 'Interface', 'TypeAlias'];

/** `entries` are the import paths of a package, each with its `members` in API Extractor's model, and its report. */
export function apiPage(name, entries) {
  const sections = entries.flatMap(({ specifier, members, report }) => [
    `## \`${specifier}\``,
    ...handedOn(report),
    ...overloads(members).map(section),
  ]);
  const title = `# What \`${name}\` offers`;
  return `${[title, 'Made of the declarations by `npm run api`.', ...sections].join('\n\n')}\n`;
}

/** What an import path has from other packages is described there. */
function handedOn(report) {
  const exported = new Set([...report.matchAll(/^export \{ (\w+) \}$/gm)].map(([, name]) => name));
  const bySource = new Map();
  for (const [, name, source] of report.matchAll(/^import \{ (\w+)(?: as \w+)? \} from '(.+)';$/gm)) {
    if (exported.has(name)) bySource.set(source, [...(bySource.get(source) ?? []), `\`${name}\``]);
  }
  return [...bySource].map(([source, names]) => `From \`${source}\`: ${names.join(', ')}.`);
}

/** The members by their names, in the order of the page. */
function overloads(members) {
  const byName = new Map();
  for (const member of members) byName.set(member.name, [...(byName.get(member.name) ?? []), member]);
  return [...byName.values()].sort(([one], [other]) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind));
}

function section(members) {
  const declarations = members.map(declaration).join('\n');
  const name = /(?:function|class|const|interface|type|enum|namespace) (\w+)/.exec(declarations)[1];
  return [`### \`${name}\``, `\`\`\`typescript\n${declarations}\n\`\`\``, ...members.flatMap(prose)].join(
    '\n\n',
  );
}

function declaration(member) {
  if (member.kind === 'Variable') return `const ${textOf(member)};`;
  const text = textOf(member).replace(/^export (declare )?/, '');
  if (member.members === undefined) return text;
  const lines = member.members.flatMap((one) => [...comment(one), textOf(one)]).map((part) => `  ${part}`);
  return `${[`${text.trimEnd()} {`, ...lines, '}'].join('\n')}`;
}

/** As it is written, with two spaces a level. */
function textOf({ excerptTokens }) {
  const text = excerptTokens.map((token) => token.text).join('');
  return text.replaceAll(/^(?: {4})+/gm, (spaces) => ' '.repeat(spaces.length / 2));
}

function comment(member) {
  if (member.kind === 'Constructor' && /Constructs a new instance/.test(member.docComment)) return [];
  const lines = linesOf(member);
  if (lines.length <= 1) return lines.map((line) => `/** ${line} */`);
  return [['/**', ...lines.map((line) => ` * ${line}`), ' */'].join('\n  ').replaceAll(/ +$/gm, '')];
}

/** The blocks of a comment as paragraphs. */
function prose(member) {
  const [description, ...blocks] = linesOf(member)
    .join('\n')
    .split(/^@(?=\w)/m);
  return [description, ...blocks.map(block)].map((text) => text.trim()).filter((text) => text !== '');
}

function block(text) {
  const [, tag, rest] = /^(\w+)\s*(.*)$/s.exec(text);
  switch (tag) {
    case 'param':
      return `- ${rest.replace(/^(\w+)( -)?/, '`$1`:')}`;
    case 'example':
      return `\`\`\`ts\n${indent(rest.trim())}\n\`\`\``;
    default:
      return `${tag[0].toUpperCase()}${tag.slice(1)}: ${rest}`;
  }
}

/** Anew, by the brackets: TSDoc folds spaces. */
function indent(code) {
  let depth = 0;
  return code
    .split('\n')
    .map((line) => {
      const text = line.trim();
      const here = depth - (/^[)\]}]/.test(text) ? 1 : 0);
      depth += text.replaceAll(/[^([{]/g, '').length - text.replaceAll(/[^)\]}]/g, '').length;
      return `${'  '.repeat(here)}${text}`.trimEnd();
    })
    .join('\n');
}

/** Of a comment, without what makes it one. */
function linesOf({ docComment = '' }) {
  const text = docComment
    .replace(/^\s*\/\*\*\s*/, '')
    .replace(/\s*\*\/\s*$/, '')
    .replaceAll(/^ ?\* ?/gm, '')
    .replaceAll(/\{@link ([^}|]+)\}/g, '`$1`')
    .replaceAll(/\\([{}@<>])/g, '$1');
  return text === ''
    ? []
    : text.split('\n').filter((line, index, all) => line !== '' || all[index - 1] !== '');
}
