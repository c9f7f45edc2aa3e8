import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TestIssuer, userClaims } from '@behalf/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BuiltImage, buildImage } from '../../container/build-image.ts'
import { unpack } from '../../container/image.ts'
import { Okta, secret } from '../../faults/okta.ts'
import { root } from '../../workspace.ts'
import { withOutsider } from '../outsider.ts'
import { Container, type ContainerSetup, readImage } from './container.ts'

const megabytes = 1_000_000

withOutsider({ name: 'umoci', debianPackage: 'umoci', probe: ['umoci', '--version'] }, () => {
  withOutsider(
    {
      name: 'mmdebstrap',
      debianPackage: 'mmdebstrap',
      probe: ['sh', '-c', 'mmdebstrap --version && unshare --mount --pid --fork true'],
    },
    () => describe('the image', describeImage),
  )
})

function describeImage(): void {
  const folder = mkdtempSync(join(tmpdir(), 'behalf-container-'))
  let built: BuiltImage
  let setup: ContainerSetup

  beforeAll(() => {
    built = buildImage(join(folder, 'image'))
    const rootfs = unpack(built.layout, join(folder, 'bundle'))
    setup = { rootfs, config: readImage(built.layout).config }
    console.log(`the image: ${(built.compressedBytes / megabytes).toFixed(1)} MB compressed`)
  }, 600_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }), 300_000)

  const run = async (args: readonly string[], more: Partial<ContainerSetup> = {}) => {
    await using container = new Container(args, { ...setup, ...more })
    return { code: await container.ended(), output: container.output }
  }

  /** A folder that is mounted as the configuration. */
  function mounted(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const source = mkdtempSync(join(folder, 'mount-'))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(source, name), text)
    // Such a folder is its maker's alone.
    chmodSync(source, 0o755)
    return { '/behalf/config': source }
  }

  test('is small, and has one user that owns nothing, no shell and nothing that changes users', () => {
    expect(built.compressedBytes).toBeLessThan(90 * megabytes)
    const { config, layerBytes } = readImage(built.layout)
    expect(layerBytes).toHaveLength(3)
    expect(config).toMatchObject({ User: '65532:65532', WorkingDir: '/behalf', StopSignal: 'SIGTERM' })
    const changeable = ['-perm', '/6022', '-o', '-not', '-user', 'root', '-o', '-not', '-group', 'root']
    const found = ['-not', '-type', 'l', '(', ...changeable, ')', '-printf', '%P\\n']
    const open = execFileSync('find', [setup.rootfs, ...found], { encoding: 'utf8' })
      .trim()
      .split('\n')
    expect(open.toSorted()).toEqual(['tmp', 'var/tmp'])
    const programs = ['bin', 'sbin', 'usr/bin', 'usr/sbin', 'usr/local/bin'].flatMap((bin) =>
      readdirSync(join(setup.rootfs, bin)),
    )
    expect(programs).toEqual(['node'])
  })

  test('has what runs, and nothing of its tests, its sources and its tools', () => {
    const packages = join(setup.rootfs, 'behalf/packages')
    expect(readdirSync(packages).toSorted()).toEqual(
      [...readdirSync(join(root, 'packages')), 'node_modules'].toSorted(),
    )
    expect(readdirSync(join(packages, 'hook'))).not.toContain('test')
    const installed = new Set(readdirSync(join(setup.rootfs, 'behalf/node_modules')))
    for (const name of ['typescript', 'vitest', '@types/node', '@biomejs', 'node', '@esbuild'])
      expect([name, installed.has(name)]).toEqual([name, false])
  })

  test('says what is in it: every package of npm that is there, Node, and those of Debian', () => {
    const bom: { readonly components: readonly { readonly purl: string }[] } = JSON.parse(
      readFileSync(built.bom, 'utf8'),
    )
    expect(readFileSync(join(setup.rootfs, 'behalf/sbom.cdx.json'), 'utf8')).toBe(
      readFileSync(built.bom, 'utf8'),
    )
    const named = new Set(
      bom.components.map(({ purl }) => decodeURIComponent(/^pkg:npm\/(.+)@/.exec(purl)?.[1] ?? '')),
    )
    const there = ['behalf/node_modules', 'behalf/packages/node_modules'].flatMap((modules) =>
      listPackages(join(setup.rootfs, modules)),
    )
    expect(there.filter((name) => !named.has(name))).toEqual([])
    expect(there.length).toBeGreaterThan(100)
    const urls = bom.components.map(({ purl }) => purl)
    expect(urls).toEqual(
      expect.arrayContaining([
        `pkg:generic/node@${versionOfNode()}`,
        expect.stringMatching(/^pkg:deb\/debian\/libc6@/),
        expect.stringMatching(/^pkg:npm\/%40cedar-policy\/cedar-wasm@/),
        expect.stringMatching(/^pkg:npm\/%40behalf\/hook@/),
      ]),
    )
    expect(named.has('@behalf/testing')).toBe(false)
  })

  test("runs on the Node of this repository, and npm's is the one that is in it", async () => {
    expect(await run(['--version'])).toEqual({ code: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
    expect((await run(['--version'], { entrypoint: ['node'] })).output).toBe(`v${versionOfNode()}\n`)
  })

  test('serves the hook as its first process, without rights, from a configuration that is mounted, and ends in order', async () => {
    await using issuer = await TestIssuer.start()
    const mounts = mounted({
      'behalf.config.ts': `import { defineConfig, secretFile } from '@behalf/hook'
import { cedar } from '@behalf/hook/cedar'
export default defineConfig({
  authenticate: { secrets: [secretFile('config/hook-secret')] },
  issuers: [{ issuer: '${issuer.issuer}', audiences: ['api://a'] }],
  clients: { '0oaApiA': { scopes: ['orders:read'] } },
  policy: cedar({ policies: 'config/all.cedar' }),
})
`,
      'hook-secret': `${secret}\n`,
      'all.cedar': '@id("all") permit(principal, action, resource);\n',
    })
    const args = ['serve', '--config', 'config/behalf.config.ts', '--port', '0', '--drain-delay', '0']
    await using container = new Container(args, { ...setup, mounts })
    const [, origin = ''] = await container.line(/listens on (http:\S+)\/inline-hook/)
    const okta = new Okta(origin)
    const assertion = issuer.sign(userClaims(Math.floor(Date.now() / 1_000)))
    expect(await okta.ask({ assertion, user: 'ann@example.com' })).toMatchObject({ outcome: 'delegated' })
    okta.close()
    const status = readFileSync(`/proc/${container.pid}/status`, 'utf8')
    expect(status).toMatch(/^Uid:\t65532\t65532\t65532\t65532$/m)
    expect(status).toMatch(/^Gid:\t65532\t65532\t65532\t65532$/m)
    expect(status).toMatch(/^CapEff:\t0+$/m)
    expect(status).toMatch(/^NSpid:\t\d+\t1$/m)
    expect((await run(['health', origin, '--ready'])).code).toBe(0)
    expect(await container.stop()).toBe(0)
  })

  test('runs the sidecar, and health finds by itself where it listens', async () => {
    await using issuer = await TestIssuer.start()
    const environment = {
      DELEGATION_ISSUER: issuer.issuer,
      API_AUDIENCE: 'https://orders.example',
      PROXY: 'nginx',
    }
    const args = ['sidecar', '--port', '0', '--drain-delay', '0']
    await using container = new Container(args, { ...setup, environment })
    const [, origin = ''] = await container.line(/listens on (http:\S+)\/verify/)
    expect((await run(['health', origin, '--ready', '--wait', '10'])).code).toBe(0)
    expect((await fetch(`${origin}/verify`)).status).toBe(403)
    expect(await container.stop()).toBe(0)
  })

  test('has what nobody could install into it: the engine of policies, telemetry', async () => {
    const load = `for (const name of ['@cedar-policy/cedar-wasm/nodejs', '@opentelemetry/api', '@opentelemetry/sdk-node',
      '@opentelemetry/sdk-metrics', '@opentelemetry/exporter-prometheus'])
      await import(import.meta.resolve(name, 'file:///behalf/packages/cli/dist/index.js'))
    console.log('loaded')`
    const entrypoint = ['node', '--experimental-import-meta-resolve', '--input-type=module', '-e', load]
    expect(await run([], { entrypoint })).toEqual({ code: 0, output: 'loaded\n' })
  })

  test('nothing in it can be changed from within', async () => {
    const write = "import { writeFileSync } from 'node:fs'; writeFileSync(process.argv[1], 'x')"
    for (const path of ['/behalf/x', '/tmp/x', '/behalf/packages/cli/bin/behalf.js'])
      expect(await run([path], { entrypoint: ['node', '--input-type=module', '-e', write] })).toEqual({
        code: 1,
        output: expect.stringMatching(/EROFS/),
      })
  })
}

/** The packages of a `node_modules`, not of those in it. */
function listPackages(modules: string): readonly string[] {
  return readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
  )
}

function versionOfNode(): string {
  const manifest: { readonly devDependencies: { readonly node: string } } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  return manifest.devDependencies.node
}
