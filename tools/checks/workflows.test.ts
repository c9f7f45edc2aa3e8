import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findBaseFaults, findWorkflowFaults } from './workflow-rules.ts'

const commit = '3d3c42e5aac5ba805825da76410c181273ba90b1'
const workflow = (job: string, head: string = 'on: { push: {} }\npermissions: {}'): string =>
  `${head}\njobs:\n  it:\n    timeout-minutes: 5\n${job.replaceAll(/^/gm, '    ')}`
const publishing = (steps: string): string => workflow(`permissions: { id-token: write }\nsteps:\n${steps}`)
const testing = (steps: string): string => workflow(`permissions: { contents: read }\nsteps:\n${steps}`)

describe('a job that can publish', () => {
  test.each([
    'npm ci --ignore-scripts',
    'npm install left-pad --ignore-scripts',
    'npm test',
    'npm run build',
    'npx tsc -b',
    'npm publish "$tarball"',
    'npm publish "$tarball" --ignore-scripts "$(node build.js)"',
    'npm publish --provenance --ignore-scripts',
    'sha256sum --strict --check - <<< "$DIGESTS"; node build.js',
    'for tarball in ./*.tgz; do sh "$tarball"; done',
    'npm publish "$tarball" --ignore-scripts && npm ci --ignore-scripts',
  ])('may not run %s', (command) => {
    expect(findWorkflowFaults(publishing(`- run: |\n    ${command}`))).toContainEqual(
      expect.stringContaining('it can publish and runs'),
    )
  })

  test.each(['', ' --provenance false', ' --provenance-file x'])(
    'may not publish without provenance:%s',
    (options) => {
      const command = `npm publish "$tarball" --ignore-scripts${options}`
      expect(findWorkflowFaults(publishing(`- run: ${command}`))).toEqual([
        `job it: '${command}' states no provenance`,
      ])
    },
  )

  test('may not check out, and has no other right', () => {
    const checkout = `- uses: actions/checkout@${commit}\n  with: { persist-credentials: false }`
    expect(findWorkflowFaults(publishing(checkout))).toEqual([
      'job it: it can publish and uses actions/checkout',
    ])
    expect(
      findWorkflowFaults(workflow('permissions: { id-token: write, contents: read }\nsteps: []')),
    ).toEqual(['job it: it has more rights than id-token'])
  })
})

describe('every job', () => {
  test.each([
    [testing('- run: npm ci'), 'runs install scripts'],
    [testing('- run: cd x && npm install'), 'runs install scripts'],
    [testing('- uses: actions/setup-node@v7'), 'is not pinned to a commit'],
    [testing(`- uses: actions/checkout@${commit}`), 'leaves its credentials behind'],
    [testing(`- run: echo \${{ github.event.pull_request.title }}`), 'is pasted into a script'],
    [testing('- run: docker build --tag behalf .'), 'builds on what a name means today'],
    [
      testing('- run: docker buildx build --build-arg NODE_IMAGE=node:24-slim --tag behalf .'),
      'builds on what a name means today',
    ],
    [workflow('permissions: { contents: write }\nsteps: []'), 'it may write contents'],
    [
      workflow('permissions: {}\nsteps: []', 'on: { push: {} }\npermissions: { contents: read }'),
      'to all jobs',
    ],
    [
      workflow('permissions: {}\nsteps: []', 'on: { pull_request_target: {} }\npermissions: {}'),
      "others' code",
    ],
  ])('%#: is refused with a reason', (text, reason) => {
    expect(findWorkflowFaults(text)).toEqual([expect.stringContaining(reason)])
  })

  test('must say what rights it has', () => {
    expect(() => findWorkflowFaults(workflow('steps: []'))).toThrow('permissions')
  })
})

test('the job that publishes has the right to, so that the rules above apply to it', () => {
  const text = readFileSync(new URL('../../.github/workflows/publish.yml', import.meta.url), 'utf8')
  expect(text.match(/id-token: write/g)).toHaveLength(1)
  expect(findWorkflowFaults(text)).toEqual([])
})

test('what is published was packed by the script that refuses to while nobody says where it is from', () => {
  const text = readFileSync(new URL('../../.github/workflows/publish.yml', import.meta.url), 'utf8')
  expect(text).toMatch(/^ +- run: npm run pack -- --for-publishing$/m)
  expect(text).not.toMatch(/npm pack/)
})

describe('the image', () => {
  test('is built on the base that a build is told, and on nothing else', () => {
    const dockerfile = readFileSync('Dockerfile', 'utf8')
    expect(findBaseFaults(dockerfile)).toEqual([])
    const build = 'docker build --build-arg "NODE_IMAGE=node:24-slim@$DIGEST" --tag behalf .'
    expect(findWorkflowFaults(testing(`- run: ${build}`))).toEqual([])
    expect(findBaseFaults(`${dockerfile}FROM build\nFROM node:24-slim AS last\nFROM alpine`)).toEqual([
      'FROM node:24-slim: it is neither NODE_IMAGE nor a stage before',
      'FROM alpine: it is neither NODE_IMAGE nor a stage before',
    ])
  })
})
