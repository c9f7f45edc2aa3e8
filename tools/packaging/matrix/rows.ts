/** One way in which a team may have set up its service. */
export interface Row {
  readonly manager: 'npm' | 'pnpm' | 'yarn'
  /** The lowest and the highest Node of `engines`. */
  readonly node: 'lowest' | 'highest'
  /** What the sources are when they are run. */
  readonly type: 'commonjs' | 'module'
  readonly typescript: '5.0' | '5.9' | '6' | '7'
  readonly module: 'commonjs' | 'node16' | 'nodenext' | 'esnext'
  readonly moduleResolution: 'node10' | 'node16' | 'nodenext' | 'bundler'
  /** The major version of `@types/node`. */
  readonly nodeTypes: 22 | 24 | 26
  readonly strict: boolean
  /** Declarations are emitted, so that every type must be nameable. */
  readonly declaration: boolean
  /** What runs the program that TypeScript made, or makes another of it first. */
  readonly runner: 'node' | 'jest' | 'esbuild' | 'webpack' | 'vite'
}

/**
 * Not every combination, but each two values that can meet do so in at least one row where they are likely to matter to
 * each other.
 */
// biome-ignore format: a table
export const rows: Readonly<Record<string, Row>> = {
  'a service of 2023':                  row('npm',  'lowest',  'commonjs', '5.0', 'commonjs', 'node10',   22, 'strict', '-',           'node'),
  'the same, on the newest Node':       row('npm',  'highest', 'commonjs', '5.9', 'commonjs', 'node10',   26, 'loose',  'declaration', 'node'),
  'node16, CommonJS':                   row('npm',  'lowest',  'commonjs', '5.9', 'node16',   'node16',   24, 'strict', 'declaration', 'node'),
  'node16, ES modules':                 row('npm',  'highest', 'module',   '5.0', 'node16',   'node16',   22, 'strict', 'declaration', 'node'),
  'nodenext, CommonJS, TypeScript 6':   row('npm',  'highest', 'commonjs', '6',   'nodenext', 'nodenext', 26, 'strict', 'declaration', 'node'),
  'nodenext, ES modules, TypeScript 7': row('npm',  'lowest',  'module',   '7',   'nodenext', 'nodenext', 24, 'strict', 'declaration', 'node'),
  'nodenext, CommonJS, TypeScript 7':   row('npm',  'lowest',  'commonjs', '7',   'nodenext', 'nodenext', 26, 'loose',  '-',           'node'),
  'pnpm, CommonJS':                     row('pnpm', 'lowest',  'commonjs', '5.9', 'node16',   'node16',   24, 'strict', 'declaration', 'node'),
  'pnpm, ES modules':                   row('pnpm', 'highest', 'module',   '7',   'nodenext', 'nodenext', 26, 'strict', 'declaration', 'node'),
  'yarn PnP, CommonJS':                 row('yarn', 'lowest',  'commonjs', '5.9', 'node16',   'node16',   22, 'strict', 'declaration', 'node'),
  'yarn PnP, ES modules':               row('yarn', 'highest', 'module',   '5.9', 'nodenext', 'nodenext', 24, 'loose',  '-',           'node'),
  'Jest and ts-jest':                   row('npm',  'lowest',  'commonjs', '5.9', 'commonjs', 'node10',   24, 'strict', '-',           'jest'),
  'Jest and ts-jest, pnpm':             row('pnpm', 'highest', 'commonjs', '5.9', 'node16',   'node16',   26, 'strict', '-',           'jest'),
  esbuild:                              row('npm',  'highest', 'module',   '7',   'esnext',   'bundler',  24, 'strict', 'declaration', 'esbuild'),
  webpack:                              row('npm',  'lowest',  'module',   '6',   'esnext',   'bundler',  22, 'loose',  '-',           'webpack'),
  vite:                                 row('pnpm', 'lowest',  'module',   '7',   'esnext',   'bundler',  26, 'strict', '-',           'vite'),
}

function row(
  manager: Row['manager'],
  node: Row['node'],
  type: Row['type'],
  typescript: Row['typescript'],
  module: Row['module'],
  moduleResolution: Row['moduleResolution'],
  nodeTypes: Row['nodeTypes'],
  strictness: 'strict' | 'loose',
  declaration: 'declaration' | '-',
  runner: Row['runner'],
): Row {
  return {
    manager,
    node,
    type,
    typescript,
    module,
    moduleResolution,
    nodeTypes,
    strict: strictness === 'strict',
    declaration: declaration === 'declaration',
    runner,
  }
}
