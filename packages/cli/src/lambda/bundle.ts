import { existsSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildFailure, build, type OutputFile, type Plugin } from 'esbuild'
import { CommandError } from '../terminal/command.ts'
import { embeddedCedar } from './embedded-cedar.ts'
import { lookedUpBuiltins } from './looked-up-builtins.ts'
import { isOwnModule, moduleLocation } from './module-location.ts'
import { stampLine } from './stamp.ts'

/** The one module that a Lambda function consists of. */
export interface LambdaBundle {
  readonly code: Uint8Array
  /** The texts of the project's own modules, by absolute path; those of packages are not among them. */
  readonly sources: Readonly<Record<string, string>>
  /** What it was made of, by absolute path. */
  readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>
}

const here = dirname(fileURLToPath(import.meta.url))

/** Configuration and hook must share one copy of the hook, or its symbols would not be the same. */
const ownCopyOfTheHook: Plugin = {
  name: 'own copy of the hook',
  setup({ onResolve, resolve: find }) {
    onResolve({ filter: /^@behalf\/(hook|core)(\/|$)/ }, ({ path, kind, pluginData }) =>
      pluginData === 'own' ? undefined : find(path, { kind, resolveDir: here, pluginData: 'own' }),
    )
  },
}

/**
 * Bundles the hook for Lambda, with a configuration file and all that it imports, or such that it reads its
 * environment. The AWS SDK stays outside, because the runtime brings it. The same input makes the same bytes,
 * wherever the files lie.
 *
 * @param configFile - the path of the configuration; the environment when undefined
 * @param isSealing - whether a function that its environment configures takes sealed assertions
 */
export async function bundleLambda(configFile: string | undefined, isSealing = false): Promise<LambdaBundle> {
  const folder = configFile === undefined ? here : dirname(resolve(configFile))
  try {
    const { outputFiles, metafile } = await build({
      stdin: {
        contents: entry(configFile, folder, isSealing),
        resolveDir: folder,
        sourcefile: 'index.ts',
        loader: 'ts',
      },
      absWorkingDir: folder,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      // Node 24 has them; else patterns would be compiled at start, used or not.
      supported: { 'regexp-unicode-property-escapes': true },
      // Without it, wrapped modules would be labelled with their paths on this machine.
      minify: true,
      external: ['@aws-sdk/*'],
      loader: { '.cedar': 'text', '.cedarschema': 'text' },
      legalComments: 'none',
      outfile: 'index.mjs',
      plugins: [ownCopyOfTheHook, lookedUpBuiltins, embeddedCedar, moduleLocation],
      metafile: true,
      write: false,
      logLevel: 'silent',
    })
    const [output] = outputFiles
    if (output === undefined) throw new CommandError('esbuild made no file')
    const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs))
    const imports = Object.values(metafile.outputs).flatMap(({ imports }) => imports)
    return {
      code: withCommonJs(output, imports),
      sources: ownSources(Object.keys(metafile.inputs).map((path) => resolve(folder, path))),
      inputs: Object.fromEntries(inputs.map(([path, input]) => [resolve(folder, path), input])),
    }
  } catch (error) {
    if (isBuildFailure(error)) throw new CommandError(describe(error))
    throw error
  }
}

/** What CommonJS modules have at hand, and the one of a bundle has not. */
function withCommonJs(
  { contents, text }: OutputFile,
  imports: readonly { readonly kind: string; readonly external?: boolean }[],
): Uint8Array {
  const head = [
    ...(imports.some(({ kind, external }) => kind === 'require-call' && external === true)
      ? [
          "import{createRequire as behalfCreateRequire}from'node:module';const require=behalfCreateRequire(import.meta.url);",
        ]
      : []),
    ...(/\b__(?:dirname|filename)\b/.test(text)
      ? [
          "import{fileURLToPath as behalfFile}from'node:url';const __filename=behalfFile(import.meta.url),__dirname=behalfFile(new URL('.',import.meta.url));",
        ]
      : []),
  ].join('')
  return head === '' ? contents : new TextEncoder().encode(`${head}${text}`)
}

function ownSources(paths: readonly string[]): Readonly<Record<string, string>> {
  const own = paths.filter((path) => isOwnModule(path) && existsSync(path))
  return Object.fromEntries(own.map((path) => [path, readFileSync(path, 'utf8')]))
}

/** The configuration is loaded by `startLambda`, so that whatever goes wrong there is answered with a denial. */
function entry(configFile: string | undefined, folder: string, isSealing: boolean): string {
  const load =
    configFile === undefined
      ? `() => configFromEnvironment(process.env${isSealing ? ', { sealed }' : ''})`
      : `async () => (await import(${JSON.stringify(`./${relative(folder, resolve(configFile)).split(sep).join('/')}`)})).default`
  return `import { configFromEnvironment } from '@behalf/hook'
import { startLambda } from '@behalf/hook/lambda'
${isSealing ? "import { sealed } from '@behalf/hook/sealing'\n" : ''}${stampLine}
const { METRICS_NAMESPACE: metricsNamespace } = process.env
export const handler = await startLambda(${load}, { process, ...(metricsNamespace ? { metricsNamespace } : {}) })
`
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error
}

function describe({ errors }: BuildFailure): string {
  const lines = errors.map(({ text, location }) =>
    location === null ? text : `${location.file}:${location.line}: ${text}`,
  )
  return `the bundle cannot be made:\n${lines.map((line) => `  ${line}`).join('\n')}`
}
