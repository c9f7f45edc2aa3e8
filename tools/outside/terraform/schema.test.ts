import { describe, expect, it } from 'vitest'
import { type Module, readModule } from './module.ts'
import { type BlockType, packedProviders, readProviderTypes } from './provider-types.ts'

/** Terraform's own, which every resource takes. */
const metaArguments = ['depends_on', 'lifecycle', 'for_each', 'count', 'provider']

describe.each([
  ['okta', 'okta_', packedProviders.okta],
  ['aws', 'aws_', packedProviders.aws],
] as const)('the module for %s', async (name, prefix, provider) => {
  const module = await readModule(name)
  const used = [...new Set(module.resources.map(({ type }) => type))].filter((type) =>
    type.startsWith(prefix),
  )
  const types = readProviderTypes(provider, prefix, used)

  it('is of resources that the provider has', () => {
    expect(module.resources.map(({ type }) => type).filter((type) => !type.startsWith(prefix))).toEqual([])
    for (const type of used) expect([type, (types.get(type)?.size ?? 0) > 0]).toEqual([type, true])
  })

  it.each(module.resources.map((resource) => [`${resource.type}.${resource.name}`, resource] as const))(
    '%s has attributes that the provider takes, and all that it asks for',
    (_, { type, attributes }) => {
      expect(faultsOf(attributes, types.get(type) ?? new Map(), '')).toEqual([])
    },
  )

  it('uses every variable, and no other', () => {
    expect(usedVariables(module)).toEqual(new Set(Object.keys(module.variables)))
  })
})

it('the check finds what is wrong', () => {
  const scope: BlockType = new Map([
    ['name', { isRequired: true, type: 'string' }],
    ['default', { isRequired: false, type: 'boolean' }],
  ])
  const faults = faultsOf({ nam: 'orders', default: 'yes' }, scope, '')
  expect(faults).toEqual(['nam is not known', 'default is no boolean', 'name is missing'])
})

function faultsOf(body: Readonly<Record<string, unknown>>, types: BlockType, path: string): string[] {
  const given = { ...body, ...dynamicOf(body) }
  const faults = Object.entries(given).flatMap(([name, value]) => {
    if (name === 'dynamic' || (path === '' && metaArguments.includes(name))) return []
    const known = types.get(name)
    if (known === undefined) return [`${path}${name} is not known`]
    const { type } = known
    if (typeof type !== 'string') {
      const blocks = Array.isArray(value) ? value : [value]
      return blocks.flatMap((block) => faultsOf(Object(block), type, `${path}${name}.`))
    }
    return isOf(value, type) ? [] : [`${path}${name} is no ${type}`]
  })
  const missing = [...types].filter(([name, { isRequired }]) => isRequired && given[name] === undefined)
  return [...faults, ...missing.map(([name]) => `${path}${name} is missing`)]
}

function dynamicOf({ dynamic = {} }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(Object(dynamic)).map(([name, definitions]) => [
      name,
      Object((Array.isArray(definitions) ? definitions : [definitions])[0]).content,
    ]),
  )
}

/** What an expression comes to, only Terraform knows. */
function isOf(value: unknown, type: string): boolean {
  if (typeof value === 'string' && value.includes('${')) return true
  if (type === 'string' || type === 'number' || type === 'boolean') return typeof value === type
  return type.endsWith('[]') ? Array.isArray(value) : typeof value === 'object'
}

function usedVariables({ resources, locals }: Module): ReadonlySet<string> {
  const text = JSON.stringify([resources, locals])
  return new Set([...text.matchAll(/\bvar\.([a-z_]+)/g)].map(([, name = '']) => name))
}
