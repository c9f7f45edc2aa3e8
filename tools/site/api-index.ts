import type { EntryPoint } from './api-reference.ts'

/** The committed index: small, and a change of the API shows in it. */
export const apiIndexFile = 'docs/reference/api.md'

/** Lists what can be imported from where. */
export function apiIndex(entryPoints: readonly EntryPoint[]): string {
  const sections = entryPoints
    .toSorted((a, b) => a.specifier.localeCompare(b.specifier, 'en'))
    .map(({ specifier, exports }) => {
      const values = exports.filter(({ kind }) => !isType(kind))
      const types = exports.filter(({ kind }) => isType(kind))
      return [
        `## ${specifier}`,
        ...(values.length === 0
          ? []
          : [
              [
                '| | |',
                '|---|---|',
                ...values.map(({ name, summary }) => `| \`${name}\` | ${cell(summary)} |`),
              ].join('\n'),
            ]),
        ...(types.length === 0 ? [] : [`Types: ${types.map(({ name }) => `\`${name}\``).join(', ')}.`]),
      ].join('\n\n')
    })
  return [
    '# API, by import',
    '<!-- Written by `npm run docs -- --write` from the doc comments. -->',
    'What each package exports. The site has a page for each, made of the doc comments: parameters, defaults, errors, examples.',
    ...sections,
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n')
}

function isType(kind: string): boolean {
  return kind === 'interface' || kind === 'type alias'
}

function cell(text: string): string {
  return text.replaceAll(/\{@link (\S+?)(?: [^}]*)?\}/g, '`$1`').replaceAll('|', '\\|')
}
