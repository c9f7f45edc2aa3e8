import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { runInNewContext } from 'node:vm'
import { installOnDemand } from '../../on-demand.ts'
import { root } from '../../workspace.ts'

/** Whatever JSON can express, and what expressions come to. */
type Value = unknown
type Body = Readonly<Record<string, Value>>

/** A resource of a module, once its expressions have values; those of other resources stay references. */
export interface Resource {
  readonly type: string
  readonly name: string
  /** Of `for_each`. */
  readonly key?: string
  readonly attributes: Body
}

/** A module of deploy/terraform, as it was written. */
export interface Module {
  readonly resources: readonly Omit<Resource, 'key'>[]
  readonly variables: Readonly<Record<string, Body>>
  readonly locals: Body
  readonly outputs: readonly string[]
}

/** Reads Terraform's language as JSON. Its parser is installed by the tests, so that no type of it is known here. */
export async function parseTerraform(text: string): Promise<Body> {
  installOnDemand('tools/outside/terraform')
  const parser = join(root, 'tools/outside/terraform/node_modules/@cdktf/hcl2json/lib/index.js')
  const { parse }: { parse(file: string, text: string): Promise<Value> } = await import(
    pathToFileURL(parser).href
  )
  return bodyOf(await parse('main.tf', text))
}

/** Reads a module. */
export async function readModule(name: string): Promise<Module> {
  const folder = join(root, 'deploy/terraform', name)
  const files = await Promise.all(
    readdirSync(folder)
      .filter((file) => file.endsWith('.tf'))
      .map((file) => parseTerraform(readFileSync(join(folder, file), 'utf8'))),
  )
  const named = (kind: string): readonly (readonly [string, Body])[] =>
    files.flatMap((file) =>
      Object.entries(bodyOf(file[kind])).map(([key, bodies]) => [key, bodyOf(listOf(bodies)[0])] as const),
    )
  return {
    resources: files.flatMap((file) =>
      Object.entries(bodyOf(file['resource'])).flatMap(([type, ofType]) =>
        Object.entries(bodyOf(ofType)).map(([own, bodies]) => ({
          type,
          name: own,
          attributes: bodyOf(listOf(bodies)[0]),
        })),
      ),
    ),
    variables: Object.fromEntries(named('variable')),
    locals: Object.assign({}, ...files.flatMap((file) => listOf(file['locals'] ?? []))),
    outputs: named('output').map(([key]) => key),
  }
}

/**
 * Gives the expressions of a module their values, as far as its language goes: references, conditions, a few functions.
 *
 * @param given - variables; the others have their defaults
 */
export function evaluateModule({ resources, variables, locals }: Module, given: Body): readonly Resource[] {
  const defaults = Object.entries(variables).map(([name, { default: value }]) => [
    name,
    given[name] ?? value ?? null,
  ])
  const scope: Record<string, Value> = {
    ...functions,
    variables: Object.fromEntries(defaults),
    data: reference('data'),
    ephemeral: reference('ephemeral'),
    ...Object.fromEntries(resources.map(({ type }) => [type, reference(type)])),
  }
  scope['local'] = new Proxy(
    {},
    { get: (_, name) => (typeof name === 'string' ? evaluate(locals[name], scope) : undefined) },
  )
  return resources.flatMap(({ type, name, attributes: { for_each: forEach, count, ...body } }) => {
    const evaluated = (each: Body): Body => bodyOf(evaluateBlock(body, { ...scope, ...each }))
    if (forEach === undefined) {
      const isMade = count === undefined || evaluate(count, scope) !== 0
      return isMade ? [{ type, name, attributes: evaluated({}) }] : []
    }
    const entries = evaluate(forEach, scope)
    const pairs = Array.isArray(entries)
      ? entries.map((entry) => [String(entry), entry] as const)
      : Object.entries(bodyOf(entries))
    return pairs.map(([key, value]) => ({ type, name, key, attributes: evaluated({ each: { key, value } }) }))
  })
}

function evaluateBlock({ dynamic, ...body }: Body, scope: Body): Value {
  const blocks = Object.entries(bodyOf(dynamic ?? {})).map(([name, definitions]) => {
    const { for_each: forEach, content } = bodyOf(listOf(definitions)[0])
    const values = listOf(evaluate(forEach, scope))
    return [
      name,
      values.map((value) => evaluate(listOf(content)[0], { ...scope, [name]: { value } })),
    ] as const
  })
  return {
    ...bodyOf(evaluate(body, scope)),
    ...Object.fromEntries(blocks.filter(([, all]) => all.length > 0)),
  }
}

function evaluate(value: Value, scope: Body): Value {
  if (Array.isArray(value)) return value.map((entry) => evaluate(entry, scope))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, evaluate(member, scope)]))
  if (typeof value !== 'string') return value
  const [, whole] = /^\$\{((?:[^{}]|\{[^{}]*\})*)\}$/.exec(value) ?? []
  if (whole !== undefined) return compute(whole, scope)
  return value.replaceAll(/\$\{([^{}]*)\}/g, (_, expression: string) => String(compute(expression, scope)))
}

/** What is left of Terraform's language is spelled like JavaScript, but for one form. */
function compute(expression: string, scope: Body): Value {
  const [, source] =
    /^\{ for name, value in (\S+) : name => value if value != null \}$/.exec(expression) ?? []
  if (source !== undefined)
    return Object.fromEntries(
      Object.entries(bodyOf(compute(source, scope))).filter(([, member]) => member !== null),
    )
  // `var` and `try` are words of JavaScript itself.
  const script = expression.replaceAll(/\bvar\./g, 'variables.').replaceAll(/\btry\(/g, 'attempt(')
  const found: Value = runInNewContext(script, { ...scope })
  return typeof found === 'function' ? String(found) : found
}

const functions: Body = {
  jsonencode: (value: Value) => JSON.stringify(value),
  toset: (value: Value) => value,
  attempt: (value: Value, otherwise: Value) => (value === undefined ? otherwise : value),
  lookup: (map: Body, key: string, otherwise: Value) => map[key] ?? otherwise,
  filebase64sha256: (file: string) => `hash of ${file}`,
  sha1: (text: string) => `hash of ${text.length} characters`,
}

/** Stands for what only Terraform knows: its text is the reference. */
function reference(path: string): Value {
  const text = `\${${path}}`
  return new Proxy(() => text, {
    get(_, name) {
      if (name === Symbol.toPrimitive || name === 'toString' || name === 'toJSON') return () => text
      return typeof name === 'string' ? reference(`${path}.${name}`) : undefined
    },
  })
}

function bodyOf(value: Value): Body {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function listOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : [value]
}
