/**
 * Writes the tables of docs/configuration.md and docs/sidecar.md from the interfaces of the configurations, their doc
 * comments and their rules: `node tools/reference/configuration.ts`. A test holds the files to them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bearer, secretAuthentication } from '../../packages/hook/src/config/authenticate.ts'
import { claims } from '../../packages/hook/src/config/claims.ts'
import { client } from '../../packages/hook/src/config/clients.ts'
import { introspection } from '../../packages/hook/src/config/introspection.ts'
import { issuer } from '../../packages/hook/src/config/issuers.ts'
import { keys } from '../../packages/hook/src/config/keys.ts'
import { limits } from '../../packages/hook/src/config/limits.ts'
import { config } from '../../packages/hook/src/config/resolve-config.ts'
import { resource, scopeOfResource } from '../../packages/hook/src/config/resources.ts'
import { revocation } from '../../packages/hook/src/config/revocation.ts'
import { verifiedTokens } from '../../packages/hook/src/config/verified-tokens.ts'
import { fetchHandlerOptions } from '../../packages/hook/src/runtimes/fetch.ts'
import { lambdaStartOptions } from '../../packages/hook/src/runtimes/lambda/start.ts'
import { nodeServerOptions } from '../../packages/hook/src/runtimes/node/index.ts'
import { workerOptions } from '../../packages/hook/src/runtimes/workers.ts'
import { sidecarRules } from '../../packages/sidecar/src/sidecar.ts'
import { targetRules, tokenEndpointRules } from '../../packages/sidecar/src/token-endpoint/options.ts'
import { verifyEndpointRules } from '../../packages/sidecar/src/verify-endpoint/options.ts'
import { routeRules } from '../../packages/sidecar/src/verify-endpoint/routes.ts'
import { type DocumentedMember, documentedMembers } from './doc-comments.ts'
import { readRule, type SettingRule } from './setting-rules.ts'

/** A document with tables in it. */
export interface Configuration {
  readonly path: string
  /** The folder that the files of its sections are in, relative to the repository's root. */
  readonly sources: string
  readonly sections: readonly Section[]
}

interface Section {
  readonly interface: string
  readonly file: string
  /** The rules that comments are held to; absent where nothing but the comments says it. */
  readonly rules?: Readonly<Record<string, unknown>>
  /** What a member is called in the head of the table; a setting by default. */
  readonly kind?: string
  /** Where the section is inside its own heading's setting. */
  readonly prefix?: string
}

const hookSections: readonly Section[] = [
  { interface: 'HookVariables', file: 'config/hook-variables', kind: 'variable' },
  { interface: 'BehalfConfig', file: 'config/config', rules: config.entries },
  { interface: 'SecretAuthentication', file: 'config/authenticate', rules: secretAuthentication.entries },
  { interface: 'BearerConfig', file: 'config/authenticate', rules: bearer.entries, prefix: 'bearer.' },
  { interface: 'IssuerConfig', file: 'config/issuers', rules: issuer.entries },
  {
    interface: 'IntrospectionConfig',
    file: 'config/introspection',
    rules: introspection.entries,
    prefix: 'introspection.',
  },
  { interface: 'ClientConfig', file: 'config/clients', rules: client.entries },
  { interface: 'ResourceConfig', file: 'config/resources', rules: resource.entries },
  {
    interface: 'ScopeConfig',
    file: 'config/resources',
    rules: scopeOfResource.entries,
    prefix: 'scopes[name].',
  },
  { interface: 'RevocationConfig', file: 'config/revocation', rules: revocation.entries },
  { interface: 'ClaimsConfig', file: 'config/claims', rules: claims.entries },
  { interface: 'LimitsConfig', file: 'config/limits', rules: limits.entries },
  { interface: 'KeysConfig', file: 'config/keys', rules: keys.entries },
  { interface: 'VerifiedTokensConfig', file: 'config/verified-tokens', rules: verifiedTokens.entries },
  { interface: 'NodeServerOptions', file: 'runtimes/node/index', rules: nodeServerOptions, kind: 'option' },
  {
    interface: 'LambdaStartOptions',
    file: 'runtimes/lambda/start',
    rules: lambdaStartOptions,
    kind: 'option',
  },
  { interface: 'FetchHandlerOptions', file: 'runtimes/fetch', rules: fetchHandlerOptions, kind: 'option' },
  { interface: 'WorkerOptions', file: 'runtimes/workers', rules: workerOptions, kind: 'option' },
]

const sidecarSections: readonly Section[] = [
  { interface: 'SidecarVariables', file: 'config/sidecar-variables', kind: 'variable' },
  { interface: 'SidecarConfig', file: 'sidecar', rules: sidecarRules },
  {
    interface: 'TokenEndpointOptions',
    file: 'token-endpoint/options',
    rules: tokenEndpointRules,
    prefix: 'token.',
  },
  { interface: 'Target', file: 'token-endpoint/target', rules: targetRules, prefix: 'token.targets[name].' },
  {
    interface: 'VerifyEndpointOptions',
    file: 'verify-endpoint/options',
    rules: verifyEndpointRules,
    prefix: 'verify.',
  },
  { interface: 'Route', file: 'verify-endpoint/routes', rules: routeRules, prefix: 'verify.routes[].' },
]

const document = (name: string): string => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url))

/** The hook's. */
export const hookConfiguration: Configuration = {
  path: document('configuration.md'),
  sources: 'packages/hook/src',
  sections: hookSections,
}

/** The sidecar's. */
export const sidecarConfiguration: Configuration = {
  path: document('sidecar.md'),
  sources: 'packages/sidecar/src',
  sections: sidecarSections,
}

/**
 * Renders a document anew: what stands between `<!-- table of NAME -->` and `<!-- end of table -->` is replaced.
 *
 * @throws TypeError when a doc comment and a rule disagree, or a table has no place or no section
 */
export function renderConfiguration(
  document: string,
  { sections, sources }: Configuration = hookConfiguration,
): string {
  const written = new Set<string>()
  const rendered = document.replace(
    /<!-- table of (\w+) -->\n[\s\S]*?<!-- end of table -->/g,
    (_, name: string) => {
      const section = sections.find((candidate) => candidate.interface === name)
      if (section === undefined) throw new TypeError(`there is no section ${name}`)
      written.add(name)
      return `<!-- table of ${name} -->\n${tableOf(section, sources)}\n<!-- end of table -->`
    },
  )
  const missing = sections.filter((section) => !written.has(section.interface))
  if (missing.length > 0)
    throw new TypeError(`no place for the table of ${missing.map((section) => section.interface).join(', ')}`)
  return rendered
}

function tableOf(section: Section, sources: string): string {
  const file = fileURLToPath(new URL(`../../${sources}/${section.file}.ts`, import.meta.url))
  const members = documentedMembers(file, section.interface)
  const names = members.map(({ name }) => name)
  const { rules, kind = 'setting', prefix = '' } = section
  const strays = Object.keys(rules ?? {}).filter((name) => !names.includes(name))
  if (strays.length > 0) throw new TypeError(`${section.interface} does not document ${strays.join(', ')}`)
  const rows = members.map((member) => {
    const rule = readRule(rules?.[member.name])
    refuseDisagreement(section.interface, member, rule)
    return `| \`${prefix}${member.name}\` | ${defaultOf(member, rule)} | ${meaningOf(member)} |`
  })
  return [`| ${kind} | default | meaning |`, '|---|---|---|', ...rows].join('\n')
}

/** What an editor shows must be what is checked. */
function refuseDisagreement(section: string, member: DocumentedMember, rule: SettingRule): void {
  const path = `${section}.${member.name}`
  if (member.range !== rule.range)
    throw new TypeError(
      `${path}: the comment says ${member.range ?? 'no range'}, the rule ${rule.range ?? 'none'}`,
    )
  if (rule.fallback !== undefined && member.fallback !== rule.fallback)
    throw new TypeError(
      `${path}: the comment says ${member.fallback ?? 'no default'}, the rule ${rule.fallback}`,
    )
  if (member.isOptional !== (member.fallback !== undefined))
    throw new TypeError(`${path}: an optional member names its default, and no other does`)
}

function defaultOf({ fallback }: DocumentedMember, { range, needsOne }: SettingRule): string {
  if (fallback === undefined) return needsOne ? 'required, at least one' : 'required'
  return range === undefined ? fallback : `${fallback} (${range})`
}

function meaningOf({ meaning }: DocumentedMember): string {
  return meaning
    .replace(/\.$/, '')
    .replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase())
    .replace(
      /docs\/configuration\.md(#([\w-]+))/g,
      (_, anchor: string, heading: string) => `[${heading.replaceAll('-', ' ')}](${anchor})`,
    )
    .replace(/docs\/decisions\/((\d{4})-[\w-]+\.md)/g, '[$2](decisions/$1)')
    .replace(/docs\/(([\w-]+)\.md)/g, '[$2]($1)')
}

if (import.meta.main)
  for (const configuration of [hookConfiguration, sidecarConfiguration]) {
    const { path } = configuration
    writeFileSync(path, renderConfiguration(readFileSync(path, 'utf8'), configuration))
  }
