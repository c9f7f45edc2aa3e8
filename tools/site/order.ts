/** Pages that answer one question. */
export interface Section {
  readonly title: string
  /** Markdown files of this repository; one that is not there yet is left out until it is. */
  readonly pages: readonly string[]
}

/** Every page in the order of a person's questions; the decision records follow by themselves. */
export const order: readonly Section[] = [
  { title: 'What is it', pages: ['README.md', 'docs/delegated-token.md', 'docs/who-is-a-user.md'] },
  {
    title: 'Try it',
    pages: [
      'docs/demo.md',
      'docs/installing.md',
      'docs/first-five-minutes.md',
      'docs/sandbox.md',
      'docs/page.md',
      'examples/README.md',
    ],
  },
  {
    title: 'Two servers, many APIs',
    pages: ['docs/two-servers.md', 'docs/set-up.md', 'docs/stock-verifiers.md'],
  },
  {
    title: 'API A',
    pages: [
      'packages/client/README.md',
      'docs/frameworks.md',
      'docs/step-up.md',
      'docs/long-jobs.md',
      'docs/networks.md',
    ],
  },
  { title: 'API B', pages: ['packages/verify/README.md'] },
  { title: 'Policies', pages: ['docs/policy.md', 'docs/authzen.md', 'examples/policies/README.md'] },
  { title: 'Sealing', pages: ['docs/sealing.md'] },
  {
    title: 'Other languages',
    pages: ['docs/sidecar.md', 'docs/other-languages.md', 'docs/gateways.md', 'packages/sidecar/README.md'],
  },
  { title: 'MCP and agents', pages: ['docs/mcp.md'] },
  {
    title: 'Deploy',
    pages: [
      'packages/hook/README.md',
      'docs/deploy-aws.md',
      'docs/container.md',
      'docs/kubernetes.md',
      'docs/terraform.md',
      'docs/runtimes.md',
      'docs/provisioning.md',
      'docs/other-hooks.md',
    ],
  },
  {
    title: 'Operate',
    pages: [
      'docs/operating.md',
      'docs/telemetry.md',
      'docs/revocation.md',
      'docs/performance.md',
      'docs/probing.md',
    ],
  },
  { title: 'Secure', pages: ['docs/secure.md', 'SECURITY.md'] },
  { title: 'Troubleshoot', pages: ['docs/troubleshooting.md'] },
  { title: 'From your hand-written hook', pages: ['docs/migration.md', 'docs/upgrading.md', 'CHANGELOG.md'] },
  {
    title: 'Reference',
    pages: [
      'docs/configuration.md',
      'packages/cli/README.md',
      'docs/reference/errors.md',
      'docs/reference/api.md',
      'packages/sandbox/README.md',
      'packages/core/README.md',
      'docs/okta-fidelity.md',
      'docs/dependencies.md',
      'docs/glossary.md',
      'CONTRIBUTING.md',
      'CODE_OF_CONDUCT.md',
    ],
  },
]

/** The table of contents for those who read here; the site has a sidebar. */
export const tableOfContents = 'docs/README.md'

/** Where the decision records are. */
export const decisionsFolder = 'docs/decisions'
